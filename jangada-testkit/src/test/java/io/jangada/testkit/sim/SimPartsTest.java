package io.jangada.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The parts of the simulated world on which determinism rests. */
class SimPartsTest {

    @Test
    void chanceIsTheSameEverywhere() {
        SimRandom random = new SimRandom(42);
        assertThat(List.of(random.next(), random.next(), random.next()))
                .containsExactly(6332618229526065668L, -816328817471504299L, 8971565426155258802L);
    }

    @Test
    void streamsOfChanceDependOnSeedAndPurposeOnly() {
        SimRandom random = new SimRandom(7);
        long before = random.fork("network").next();
        assertThat(random.next()).isNotEqualTo(before);
        assertThat(random.fork("network").next()).isEqualTo(before);
        assertThat(random.fork("disk").next()).isNotEqualTo(before);
    }

    @Test
    void chanceKeepsItsBounds() {
        SimRandom random = new SimRandom(9);
        Set<Integer> seen = new TreeSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(random.unit()).isBetween(0.0, Math.nextDown(1.0));
            assertThat(random.between(3, 5)).isBetween(3L, 5L);
            assertThat(random.exponential(100)).isBetween(0L, 1_000L);
            seen.add(random.below(4));
        }
        assertThat(seen).containsExactly(0, 1, 2, 3);
    }

    @Test
    void timePassesFromEventToEventInOrderOfTimeAndThenOfPlanning() {
        Scheduler scheduler = new Scheduler();
        List<String> happened = new ArrayList<>();
        scheduler.at(20, () -> happened.add("c@" + scheduler.now()));
        scheduler.at(10, () -> happened.add("a@" + scheduler.now()));
        scheduler.at(10, () -> {
            happened.add("b@" + scheduler.now());
            scheduler.at(5, () -> happened.add("late@" + scheduler.now()));
        });
        while (scheduler.runNext()) {
            assertThat(happened).isNotEmpty();
        }
        assertThat(happened).containsExactly("a@10", "b@10", "late@10", "c@20");
        assertThat(scheduler.executed()).isEqualTo(4);
    }

    @Test
    void aDriftingClockKnowsWhenItWillShowATime() {
        for (long drift : new long[] {-20_000, -1, 0, 3, 20_000}) {
            Scheduler scheduler = new Scheduler();
            DriftingClock clock = new DriftingClock(scheduler, drift, -5_000_000_000L);
            for (long delay : new long[] {1, 1_000, 77_777_777, 3_000_000_000L}) {
                long deadline = clock.nanoTime() + delay;
                scheduler.at(clock.whenIs(deadline), () -> {});
                assertThat(scheduler.runNext()).isTrue();
                assertThat(clock.nanoTime() - deadline)
                        .as("drift %d, delay %d", drift, delay)
                        .isBetween(0L, 50_000L);
            }
        }
    }

    @Test
    void everySeedDrawsAValidWorldAndAllTogetherEveryFault() {
        Set<Fault> seen = EnumSet.noneOf(Fault.class);
        Set<Activity> done = EnumSet.noneOf(Activity.class);
        int calm = 0;
        for (long seed = 0; seed < 2_000; seed++) {
            FaultPlan plan = FaultPlan.draw(new SimRandom(seed));
            seen.addAll(plan.faults());
            done.addAll(plan.operations().activities());
            calm += plan.faults().isEmpty() ? 1 : 0;
            assertThat(plan.nodes()).isIn(1, 3, 5);
            assertThat(plan.summary()).contains("nodes");
        }
        assertThat(seen).containsExactlyInAnyOrder(Fault.values());
        assertThat(done).containsExactlyInAnyOrder(Activity.values());
        assertThat(calm).as("worlds without faults").isGreaterThan(20);
    }

    @Test
    void aTraceReadsLikeATable() {
        SimReport report = Simulation.runWithTrace(3, LocalNodeProcess::start);
        assertThat(report.trace().get(0)).contains("| node 1", "| node 2");
        assertThat(report.trace()).anyMatch(line -> line.contains("LEADER t"));
        assertThat(report.trace()).anyMatch(line -> line.contains("client 1 "));
    }
}
