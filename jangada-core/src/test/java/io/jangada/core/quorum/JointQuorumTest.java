package io.jangada.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Majorities while a change of the voters is under way: it takes one of the old and one of the new (§6, thesis 4.3). */
class JointQuorumTest {
    private static final int NODES = 7;

    private static Membership joint(List<Long> voters, List<Long> outgoing) {
        return joint(voters, outgoing, List.of());
    }

    private static Membership joint(List<Long> voters, List<Long> outgoing, List<Long> learners) {
        return new Membership(ids(voters), ids(learners), ids(outgoing), new TreeMap<>(), new TreeMap<>());
    }

    private static List<NodeId> ids(List<Long> numbers) {
        return numbers.stream().map(NodeId::of).toList();
    }

    private static boolean majority(Membership membership, Long... those) {
        Set<NodeId> set = new HashSet<>(ids(List.of(those)));
        return Quorum.isMajority(membership, set::contains);
    }

    @Test
    void theTable() {
        Membership grows = joint(List.of(1L, 2L, 3L, 4L, 5L), List.of(1L, 2L, 3L));
        assertThat(majority(grows, 1L, 4L, 5L)).isFalse();
        assertThat(majority(grows, 1L, 2L)).isFalse();
        assertThat(majority(grows, 1L, 2L, 4L)).isTrue();
        Membership moves = joint(List.of(3L, 4L, 5L), List.of(1L, 2L, 3L));
        assertThat(majority(moves, 1L, 2L)).isFalse();
        assertThat(majority(moves, 4L, 5L)).isFalse();
        assertThat(majority(moves, 1L, 2L, 4L, 5L)).isTrue();
        assertThat(majority(moves, 1L, 3L, 5L)).isTrue();
        Membership alone = joint(List.of(2L), List.of(1L));
        assertThat(majority(alone, 1L)).isFalse();
        assertThat(majority(alone, 1L, 2L)).isTrue();
    }

    /** Learners decide nothing; one that voted before the change still does until it is over. */
    @Test
    void learnersDecideNothing() {
        Membership demotes = joint(List.of(1L, 2L), List.of(1L, 2L, 3L), List.of(3L, 4L));
        assertThat(majority(demotes, 1L, 2L)).isTrue();
        assertThat(majority(demotes, 1L, 3L, 4L)).isFalse();
        assertThat(majority(joint(List.of(1L, 2L, 3L), List.of(), List.of(4L, 5L)), 1L, 4L, 5L))
                .isFalse();
    }

    /** The oracle knows no majorities, only sets: all smallest winning sets are written out, and one of each part must be inside. */
    private static boolean wins(List<Long> voters, Set<Long> those) {
        for (int mask = 0; mask < 1 << voters.size(); mask++) {
            if (2 * Integer.bitCount(mask) <= voters.size()) {
                continue;
            }
            Set<Long> subset = new HashSet<>();
            for (int i = 0; i < voters.size(); i++) {
                if ((mask & 1 << i) != 0) {
                    subset.add(voters.get(i));
                }
            }
            if (those.containsAll(subset)) {
                return true;
            }
        }
        return false;
    }

    private static List<Long> some(SplittableRandom random, int least) {
        List<Long> nodes = new ArrayList<>();
        while (nodes.size() < least) {
            nodes.clear();
            for (long node = 1; node <= NODES; node++) {
                if (random.nextInt(5) < 3) {
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }

    @Test
    void fiftyThousandCasesAgreeWithTheEnumerationOfSubsets() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> voters = some(random, 1);
            List<Long> outgoing = random.nextInt(4) == 0 ? List.of() : some(random, 1);
            Membership membership = joint(voters, outgoing);
            Set<Long> those = new HashSet<>(some(random, 0));
            boolean expected = wins(voters, those) && (outgoing.isEmpty() || wins(outgoing, those));
            if (Quorum.isMajority(membership, node -> those.contains(node.value())) != expected) {
                throw new AssertionError("seed " + seed + ": " + membership + ", " + those);
            }
        }
    }

    @Test
    void fiftyThousandCasesReachWhatTheLargestWinningSetHas() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> voters = some(random, 1);
            List<Long> outgoing = random.nextInt(4) == 0 ? List.of() : some(random, 1);
            Membership membership = joint(voters, outgoing);
            Map<Long, Long> values = new HashMap<>();
            for (long node = 1; node <= NODES; node++) {
                values.put(node, (long) random.nextInt(6));
            }
            long expected = 0;
            for (long value = 0; value < 6; value++) {
                Set<Long> reached = new HashSet<>();
                for (Map.Entry<Long, Long> one : values.entrySet()) {
                    if (one.getValue() >= value) {
                        reached.add(one.getKey());
                    }
                }
                if (wins(voters, reached) && (outgoing.isEmpty() || wins(outgoing, reached))) {
                    expected = value;
                }
            }
            long actual = Quorum.reachedByMajority(membership, node -> values.getOrDefault(node.value(), 0L));
            if (actual != expected) {
                throw new AssertionError("seed " + seed + ": " + membership + ", " + values + ": " + actual);
            }
        }
    }

    /** What joint consensus is for: no two majorities of neighbouring memberships miss each other (thesis 4.3). */
    @Test
    void everyTwoNeighboursOverlap() {
        for (long seed = 0; seed < 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> before = some(random, 1);
            List<Long> after = some(random, 1);
            Membership old = joint(before, List.of());
            Membership both = joint(after, before);
            for (int mask = 0; mask < 1 << NODES; mask++) {
                int side = mask;
                boolean here = Quorum.isMajority(both, node -> (side & 1 << (node.value() - 1)) != 0);
                boolean there = Quorum.isMajority(old, node -> (side & 1 << (node.value() - 1)) == 0);
                if (here && there) {
                    throw new AssertionError("seed " + seed + ": two sides of " + before + " -> " + after);
                }
            }
        }
    }
}
