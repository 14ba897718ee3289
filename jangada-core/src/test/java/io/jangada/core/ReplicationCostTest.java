package io.jangada.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What replication may cost: questions that a text scenario would show but not count. */
class ReplicationCostTest {
    private static final Limits TIGHT = new Limits(64, 100, 2, 1_000, 4_000, 0, 20);

    private static Predicate<Message> cutOff(long node) {
        NodeId id = NodeId.of(node);
        return message -> message.from().equals(id) || message.to().equals(id);
    }

    private static List<Long> terms(long... terms) {
        List<Long> list = new ArrayList<>();
        for (long term : terms) {
            list.add(term);
        }
        return list;
    }

    /** Figure 7: the leader of term 8 repairs each of the followers (a) to (f), with at most one refusal for each term in which they differ. */
    @Test
    void figureSevenIsRepairedWithOneRoundTripForEachDivergentTerm() {
        List<Long> leader = terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6);
        Map<String, List<Long>> followers = Map.of(
                "a", terms(1, 1, 1, 4, 4, 5, 5, 6, 6),
                "b", terms(1, 1, 1, 4),
                "c", terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6),
                "d", terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7),
                "e", terms(1, 1, 1, 4, 4, 4, 4),
                "f", terms(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3));
        Map<String, Integer> refusals = Map.of("a", 1, "b", 1, "c", 0, "d", 0, "e", 1, "f", 1);
        for (Map.Entry<String, List<Long>> follower : followers.entrySet()) {
            CoreGroup group =
                    new CoreGroup(3, Limits.DEFAULT, Map.of(1L, leader, 2L, follower.getValue(), 3L, leader), 7);
            group.elect(1);
            group.pass(100);
            assertThat(group.node(2).log).as(follower.getKey()).isEqualTo(group.node(1).log);
            long refused = group.delivered.stream()
                    .filter(AppendResponse.class::isInstance)
                    .map(AppendResponse.class::cast)
                    .filter(response -> !response.success())
                    .count();
            assertThat(refused)
                    .as(follower.getKey())
                    .isEqualTo(refusals.getOrDefault(follower.getKey(), -1).longValue());
            group.checkLogs();
        }
    }

    /** While the follower is away the disk is left in peace. */
    @Test
    void aFollowerThatIsAwayCostsNoDiskReadWithEachHeartbeat() {
        CoreGroup group = new CoreGroup(3, TIGHT);
        CoreNode leader = group.elect(1);
        group.pass(60);
        group.lost = cutOff(3);
        for (int i = 0; i < 30; i++) {
            group.propose(leader);
        }
        group.pass(1_500);
        int loads = 0;
        for (int i = 0; i < 40; i++) {
            group.nowNanos += 50 * CoreGroup.MILLISECOND;
            group.tick(leader);
            loads += leader.loads.size();
            group.settle();
        }
        assertThat(leader.status().leads()).isTrue();
        assertThat(loads).isLessThanOrEqualTo(1);
    }
}
