package io.jangada.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Small stories of several nodes, in the spirit of the scenario tests of other Raft libraries. */
class ScenarioTest {
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

    /** Lagging commit: with an idle line, followers learn what is committed without waiting for a heartbeat. */
    @Test
    void followersLearnTheCommitIndexAtOnce() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.propose(leader);
        group.settle();
        assertThat(group.all()).allSatisfy(node -> assertThat(node.appliedTo).isEqualTo(2));
    }

    @Test
    void aFollowerThatMissedTheNewsOfTheCommitLearnsItWithTheNextHeartbeat() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.lost =
                message -> message instanceof CommitNotice notice && notice.to().equals(NodeId.of(3));
        group.propose(leader);
        group.settle();
        assertThat(group.node(3).appliedTo).isEqualTo(1);
        group.pass(60);
        assertThat(group.node(3).appliedTo).isEqualTo(2);
    }

    /** Replication pauses when the window is full, and goes on when it opens, without a timer. */
    @Test
    void replicationPausesWithAFullWindowAndGoesOn() {
        CoreGroup group = new CoreGroup(3, TIGHT);
        CoreNode leader = group.elect(1);
        group.pass(60);
        group.network.clear();
        for (int i = 0; i < 20; i++) {
            group.propose(leader);
        }
        long toTwo = group.network.stream()
                .filter(message ->
                        message instanceof AppendRequest && message.to().equals(NodeId.of(2)))
                .count();
        assertThat(toTwo).isEqualTo(2);
        group.settle();
        assertThat(group.node(2).appliedTo).isEqualTo(21);
        assertThat(group.node(3).appliedTo).isEqualTo(21);
    }

    /** A slow follower is fed from the disk when memory has let go of what it needs. */
    @Test
    void aFollowerThatWasAwayIsFedFromTheDisk() {
        CoreGroup group = new CoreGroup(3, TIGHT);
        CoreNode leader = group.elect(1);
        group.pass(60);
        group.lost = cutOff(3);
        for (int i = 0; i < 30; i++) {
            group.propose(leader);
            group.settle();
        }
        assertThat(leader.raft().entries(2, 20, 1_000)).isEmpty();
        group.pass(2_000);
        assertThat(leader.status().leads()).isTrue();
        group.lost = message -> false;
        group.pass(1_000);
        assertThat(group.node(3).log).isEqualTo(leader.log);
        assertThat(group.node(3).appliedTo).isEqualTo(leader.appliedTo);
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

    /** A node whose log is old cannot disturb: it asks, is refused, and spends no term. */
    @Test
    void preVoteKeepsANodeThatWasCutOffFromDisturbing() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.lost = cutOff(3);
        group.propose(leader);
        group.pass(5_000);
        CoreNode away = group.node(3);
        assertThat(away.status().role()).isEqualTo(RoleName.PRE_CANDIDATE);
        long term = leader.status().term();
        assertThat(away.status().term()).isEqualTo(term);
        group.lost = message -> (message instanceof HeartbeatRequest || message instanceof AppendRequest)
                && message.to().equals(NodeId.of(3));
        group.pass(3_000);
        assertThat(leader.status().leads()).isTrue();
        assertThat(leader.status().term()).isEqualTo(term);
        group.lost = message -> false;
        group.pass(200);
        assertThat(away.status().role()).isEqualTo(RoleName.FOLLOWER);
        assertThat(away.log).isEqualTo(leader.log);
    }

    @Test
    void checkQuorumEndsALeaderThatIsAloneAndTheOthersGoOn() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode old = group.elect(1);
        group.lost = cutOff(1);
        long read = group.read(old);
        group.pass(2_500);
        assertThat(old.status().leads()).isFalse();
        assertThat(old.readReady).isEmpty();
        assertThat(old.refused).extracting(Effects.Refused::requestId).contains(read);
        CoreNode next = group.all().stream()
                .filter(node -> node.status().leads())
                .findFirst()
                .orElseThrow();
        group.propose(next);
        group.settle();
        group.lost = message -> false;
        group.pass(1_500);
        group.checkLogs();
        assertThat(old.log).isEqualTo(next.log);
    }

    /** An asymmetric partition: a node that hears nobody but is heard by all does not depose anybody. */
    @Test
    void aNodeThatOnlySpeaksDoesNoHarm() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.lost = message -> message.to().equals(NodeId.of(3));
        group.pass(10_000);
        assertThat(leader.status().leads()).isTrue();
        assertThat(leader.status().term()).isEqualTo(1);
        assertThat(group.delivered(PreVoteRequest.class)).isPositive();
        assertThat(group.delivered.stream()
                        .filter(message ->
                                message instanceof VoteRequest && message.from().equals(NodeId.of(3))))
                .isEmpty();
    }

    /** Five nodes in a ring where each hears two others: somebody leads, and terms do not race. */
    @Test
    void aGroupThatIsOnlyPartlyConnectedKeepsALeader() {
        CoreGroup group = new CoreGroup(5, Limits.DEFAULT);
        group.elect(1);
        // Nodes 2 and 3 cannot reach each other, nor 4 and 5, nor 2 and 5; all reach node 1.
        List<List<Long>> cuts = List.of(List.of(2L, 3L), List.of(4L, 5L), List.of(2L, 5L));
        group.lost = message -> cuts.stream()
                .anyMatch(cut -> cut.contains(message.from().value())
                        && cut.contains(message.to().value()));
        group.pass(10_000);
        assertThat(group.node(1).status().leads()).isTrue();
        assertThat(group.node(1).status().term()).isEqualTo(1);
    }

    /** A refused leader is not stuck: a node of a higher term and an old log does not keep the group from electing. */
    @Test
    void aNodeOfAHigherTermWithAnOldLogDoesNotBlockTheGroup() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.propose(leader);
        group.settle();
        CoreNode stale = group.node(3);
        group.lost = cutOff(3);
        group.propose(leader);
        group.settle();
        group.crash(stale, 0);
        group.restart(stale, 9);
        // It has seen term 50 somewhere.
        stale.receive(new HeartbeatRequest(NodeId.of(2), NodeId.of(3), 50, 1, 0), group.nowNanos);
        group.settle();
        group.lost = message -> false;
        group.pass(4_000);
        CoreNode next = group.all().stream()
                .filter(node -> node.status().leads())
                .findFirst()
                .orElseThrow();
        assertThat(next.status().term()).isGreaterThan(50);
        group.checkLogs();
        assertThat(stale.log).isEqualTo(next.log);
    }

    @Test
    void aLeaderWithALostFirstAppendRecoversByHeartbeat() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode node = group.node(1);
        group.lost = AppendRequest.class::isInstance;
        group.elect(1);
        assertThat(node.status().commitIndex()).isZero();
        group.lost = message -> false;
        group.pass(60);
        assertThat(group.all()).allSatisfy(each -> assertThat(each.appliedTo).isEqualTo(1));
    }
}
