package io.jangada.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.log.RaftLog;
import io.jangada.core.log.RaftLogs;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is committed while a change of the voters is under way, and with learners and leaders that do not count. */
class JointCommitRuleTest {

    private static Membership joint(List<Long> voters, List<Long> outgoing, List<Long> learners) {
        return new Membership(ids(voters), ids(learners), ids(outgoing), new TreeMap<>(), new TreeMap<>());
    }

    private static List<NodeId> ids(List<Long> numbers) {
        return numbers.stream().map(NodeId::of).toList();
    }

    private static long commit(Membership membership, RaftLog log, long term, Map<Long, Long> match) {
        return CommitRule.commitIndex(log, membership, term, node -> match.getOrDefault(node.value(), 0L));
    }

    @Test
    void itTakesBothMajorities() {
        RaftLog log = RaftLogs.of(1, 1, 1);
        Membership joint = joint(List.of(3L, 4L, 5L), List.of(1L, 2L, 3L), List.of());
        assertThat(commit(joint, log, 1, Map.of(1L, 3L, 2L, 3L, 3L, 3L))).isZero();
        assertThat(commit(joint, log, 1, Map.of(3L, 3L, 4L, 3L, 5L, 3L))).isZero();
        assertThat(commit(joint, log, 1, Map.of(1L, 3L, 3L, 3L, 4L, 2L))).isEqualTo(2);
        assertThat(commit(joint, log, 1, Map.of(1L, 3L, 2L, 3L, 4L, 3L, 5L, 3L)))
                .isEqualTo(3);
    }

    /** A leader that removes itself replicates the last entry without counting itself (thesis 4.2.2, trap 30). */
    @Test
    void aLeaderThatIsNoVoterDoesNotCount() {
        RaftLog log = RaftLogs.of(1, 1);
        Membership without = joint(List.of(2L, 3L), List.of(), List.of());
        assertThat(commit(without, log, 1, Map.of(1L, 2L, 2L, 2L))).isZero();
        assertThat(commit(without, log, 1, Map.of(1L, 2L, 2L, 2L, 3L, 1L))).isEqualTo(1);
    }

    @Test
    void aLearnerDoesNotCount() {
        RaftLog log = RaftLogs.of(1, 1);
        Membership learners = joint(List.of(1L, 2L, 3L), List.of(), List.of(4L, 5L));
        assertThat(commit(learners, log, 1, Map.of(1L, 2L, 4L, 2L, 5L, 2L))).isZero();
    }

    private static List<Long> some(SplittableRandom random) {
        List<Long> nodes = new ArrayList<>();
        while (nodes.isEmpty()) {
            for (long node = 1; node <= 7; node++) {
                if (random.nextInt(2) == 0) {
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }

    private static boolean majority(List<Long> voters, Map<Long, Long> match, long index) {
        int count = 0;
        for (long voter : voters) {
            count += match.getOrDefault(voter, 0L) >= index ? 1 : 0;
        }
        return 2 * count > voters.size();
    }

    /** The oracle is Figure 2's last sentence with §6's "majorities of both", tried index by index from above. */
    @Test
    void fiftyThousandCasesAgreeWithTheSentence() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> terms = new ArrayList<>();
            long term = 1;
            for (int more = random.nextInt(1, 9); more > 0; more--) {
                term += random.nextInt(3) == 0 ? 1 : 0;
                terms.add(term);
            }
            long leaderTerm = term + (random.nextInt(4) == 0 ? 1 : 0);
            RaftLog log = RaftLogs.of(terms);
            log.commitTo(random.nextInt(terms.size() + 1));
            List<Long> voters = some(random);
            List<Long> outgoing = random.nextInt(3) == 0 ? List.of() : some(random);
            Map<Long, Long> match = new HashMap<>();
            for (long node = 1; node <= 7; node++) {
                match.put(node, (long) random.nextInt(terms.size() + 1));
            }
            long expected = log.commitIndex();
            for (long n = terms.size(); n > log.commitIndex() && expected == log.commitIndex(); n--) {
                boolean both = majority(voters, match, n) && (outgoing.isEmpty() || majority(outgoing, match, n));
                if (both && terms.get((int) n - 1) == leaderTerm) {
                    expected = n;
                }
            }
            if (commit(joint(voters, outgoing, List.of()), log, leaderTerm, match) != expected) {
                throw new AssertionError("seed " + seed);
            }
        }
    }
}
