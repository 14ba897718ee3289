package io.jangada.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuorumTest {

    private static long reached(long... values) {
        List<NodeId> ids = new ArrayList<>();
        Map<NodeId, Long> map = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            ids.add(NodeId.of(i + 1L));
            map.put(NodeId.of(i + 1L), values[i]);
        }
        return Quorum.reachedByMajority(Membership.ofVoters(ids), id -> map.getOrDefault(id, 0L));
    }

    @Test
    void theTable() {
        assertThat(reached(7)).isEqualTo(7);
        assertThat(reached(7, 3)).isEqualTo(3);
        assertThat(reached(7, 3, 5)).isEqualTo(5);
        assertThat(reached(7, 3, 5, 5)).isEqualTo(5);
        assertThat(reached(9, 7, 3, 5)).isEqualTo(5);
        assertThat(reached(9, 0, 0, 0, 9)).isZero();
        assertThat(reached(9, 0, 1, 0, 9)).isEqualTo(1);
    }

    /** The oracle counts, for every value that occurs, who has reached it (trap 15). */
    @Test
    void fiftyThousandCasesAgreeWithCounting() {
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long[] values = random.longs(random.nextInt(1, 10), 0, 6).toArray();
            long expected = 0;
            for (long candidate : values) {
                int count = 0;
                for (long value : values) {
                    count += value >= candidate ? 1 : 0;
                }
                if (2 * count > values.length) {
                    expected = Math.max(expected, candidate);
                }
            }
            if (reached(values) != expected) {
                throw new AssertionError("seed " + seed + ": " + reached(values) + " instead of " + expected);
            }
        }
    }
}
