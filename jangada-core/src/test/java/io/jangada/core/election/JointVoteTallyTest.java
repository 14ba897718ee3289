package io.jangada.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who wins an election while a change of the voters is under way. */
class JointVoteTallyTest {

    private static Membership joint(List<Long> voters, List<Long> outgoing, List<Long> learners) {
        return new Membership(ids(voters), ids(learners), ids(outgoing), new TreeMap<>(), new TreeMap<>());
    }

    private static List<NodeId> ids(List<Long> numbers) {
        return numbers.stream().map(NodeId::of).toList();
    }

    @Test
    void aMajorityOfEachPartIsNeeded() {
        VoteTally tally = new VoteTally(joint(List.of(3L, 4L, 5L), List.of(1L, 2L, 3L), List.of(9L)));
        assertThat(tally.count(NodeId.of(1), Grant.PLAIN)).isFalse();
        assertThat(tally.count(NodeId.of(2), Grant.PLAIN)).isFalse();
        assertThat(tally.count(NodeId.of(9), Grant.PLAIN)).isFalse();
        assertThat(tally.count(NodeId.of(4), Grant.PLAIN)).isFalse();
        assertThat(tally.count(NodeId.of(4), Grant.PLAIN)).isFalse();
        assertThat(tally.count(NodeId.of(5), Grant.PLAIN)).isTrue();
    }

    /** A voter that is being made a learner still votes until the change is over. */
    @Test
    void whoIsBeingDemotedStillVotes() {
        VoteTally tally = new VoteTally(joint(List.of(1L), List.of(1L, 2L), List.of(2L)));
        assertThat(tally.count(NodeId.of(1), Grant.PLAIN)).isFalse();
        assertThat(tally.count(NodeId.of(2), Grant.PLAIN)).isTrue();
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

    private static boolean won(List<Long> voters, Set<Long> granted) {
        long yes = voters.stream().filter(granted::contains).count();
        return yes > voters.size() - yes;
    }

    @Test
    void doubtfulVotesWinOnlyIfNobodyAtAllRefuses() {
        VoteTally tally = new VoteTally(joint(List.of(1L, 2L, 3L), List.of(), List.of()));
        assertThat(tally.count(NodeId.of(1), Grant.DOUBTFUL)).isFalse();
        assertThat(tally.count(NodeId.of(2), Grant.DOUBTFUL)).isFalse();
        assertThat(tally.count(NodeId.of(3), Grant.NONE)).isFalse();
        assertThat(tally.count(NodeId.of(3), Grant.DOUBTFUL)).isTrue();
        VoteTally plain = new VoteTally(joint(List.of(1L, 2L, 3L), List.of(), List.of()));
        assertThat(plain.count(NodeId.of(1), Grant.PLAIN)).isFalse();
        assertThat(plain.count(NodeId.of(2), Grant.DOUBTFUL)).isFalse();
        assertThat(plain.count(NodeId.of(3), Grant.PLAIN)).isTrue();
        assertThat(new VoteTally(Membership.ofVoters(NodeId.of(1))).count(NodeId.of(1), Grant.DOUBTFUL))
                .isTrue();
        assertThat(new VoteTally(Membership.NONE).count(NodeId.of(1), Grant.DOUBTFUL))
                .isFalse();
    }

    /** During a change the old voters and the new have to be unanimous, wherever the doubts are. */
    @Test
    void fiftyThousandElectionsWithDoubtsAgreeWithCounting() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> voters = some(random);
            List<Long> outgoing = random.nextInt(3) == 0 ? List.of() : some(random);
            VoteTally tally = new VoteTally(joint(voters, outgoing, List.of()));
            Set<Long> plain = new HashSet<>();
            Set<Long> given = new HashSet<>();
            for (int votes = random.nextInt(25); votes > 0; votes--) {
                long voter = random.nextInt(1, 9);
                Grant grant = List.of(Grant.NONE, Grant.DOUBTFUL, Grant.PLAIN).get(random.nextInt(3));
                if (grant != Grant.NONE) {
                    given.add(voter);
                }
                if (grant == Grant.PLAIN) {
                    plain.add(voter);
                }
                boolean majority = won(voters, plain) && (outgoing.isEmpty() || won(outgoing, plain));
                boolean all = given.containsAll(voters) && given.containsAll(outgoing);
                if (tally.count(NodeId.of(voter), grant) != (majority || all)) {
                    throw new AssertionError("seed " + seed + ": plain " + plain + ", given " + given);
                }
            }
        }
    }

    /** The oracle counts after each vote; strangers, repetitions and learners are among them. */
    @Test
    void fiftyThousandElectionsAgreeWithCounting() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> voters = some(random);
            List<Long> outgoing = random.nextInt(3) == 0 ? List.of() : some(random);
            VoteTally tally = new VoteTally(joint(voters, outgoing, List.of()));
            Set<Long> granted = new HashSet<>();
            for (int votes = random.nextInt(12); votes > 0; votes--) {
                long voter = random.nextInt(1, 10);
                granted.add(voter);
                boolean expected = won(voters, granted) && (outgoing.isEmpty() || won(outgoing, granted));
                if (tally.count(NodeId.of(voter), Grant.PLAIN) != expected) {
                    throw new AssertionError("seed " + seed + ": " + granted);
                }
            }
        }
    }
}
