package io.jangada.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.sim.AvailabilityRun.Mishap;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With five members, two deaths at any moment or a partial partition stop progress for at most three election timeouts (the longest ones). */
@Tag("exhaustive")
class AvailabilityTest {
    private static final double BOUND = 3;

    @ParameterizedTest
    @EnumSource(Mishap.class)
    void progressStopsForThreeElectionTimeoutsAtMost(Mishap mishap) {
        distribution(mishap, 1, 200);
    }

    /** Seeds that nobody has run before; the first is printed. */
    @ParameterizedTest
    @EnumSource(Mishap.class)
    @Tag("long")
    void progressStopsForThreeElectionTimeoutsAtMostInFreshSeeds(Mishap mishap) {
        long fresh = ThreadLocalRandom.current().nextLong(1_000_000, 1_000_000_000_000L);
        distribution(mishap, Long.getLong("sim.from", fresh), 4_000);
    }

    private static void distribution(Mishap mishap, long first, int count) {
        double[] gaps = LongStream.range(first, first + count)
                .parallel()
                .mapToDouble(seed -> AvailabilityRun.of(seed, mishap, false).gap())
                .toArray();
        int worst = 0;
        for (int i = 0; i < count; i++) {
            worst = gaps[i] > gaps[worst] ? i : worst;
        }
        double[] sorted = gaps.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "availability: %s over %,d seeds from %d, longest time without progress in longest election timeouts: median %.2f, p99 %.2f, max %.2f (seed %d)%n",
                mishap, count, first, sorted[count / 2], sorted[count * 99 / 100], sorted[count - 1], first + worst);
        assertThat(sorted[count - 1])
                .as("longest time without progress, seed %d", first + worst)
                .isLessThanOrEqualTo(BOUND);
    }
}
