package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.course.Published;
import io.jangada.testkit.lab.trace.Trace;
import io.jangada.testkit.lab.trace.TraceEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario of the Raft labs in virtual time. */
class RaftLabTest {
    private static final int SEEDS = 3;

    /** Chance decides how much a scenario asks for, here as in the course, which shows one run: so what runs cost on the average is compared with the largest that it shows. */
    private static final int COMPARED_SEEDS = 5;

    static Stream<Scenario> scenarios() {
        return RaftScenarios.all().stream();
    }

    @Test
    void thereAreThoseOfTheCourse() {
        Map<LabPart, Long> parts = scenarios().collect(Collectors.groupingBy(Scenario::part, Collectors.counting()));
        assertThat(parts)
                .isEqualTo(
                        Map.of(LabPart.ELECTION, 3L, LabPart.LOG, 10L, LabPart.PERSISTENCE, 8L, LabPart.SNAPSHOTS, 7L));
        List<Function<Scenario, String>> names = List.of(Scenario::name, Scenario::title);
        for (Function<Scenario, String> name : names) {
            assertThat(scenarios().map(name)).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void passesInVirtualTime(Scenario scenario) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            LabRun run = LabRun.of(scenario, LabMode.VIRTUAL, seed, Trace.NONE);
            assertThat(run.failure()).as("seed %d", seed).isEmpty();
            assertThat(run.outcome().rpcs()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void costsNoMoreThanTheLargestPublishedSample(Scenario scenario) {
        Published.Largest published = Published.largest(scenario);
        List<LabRun> runs = LongStream.rangeClosed(1, COMPARED_SEEDS)
                .mapToObj(seed -> LabRun.of(scenario, LabMode.VIRTUAL, seed, Trace.NONE))
                .toList();
        long rpcs = runs.stream().mapToLong(run -> run.outcome().rpcs()).sum();
        assertThat(rpcs)
                .as("RPCs")
                .isBetween(1L, COMPARED_SEEDS * published.rpcs().orElseThrow());
        long bytes = runs.stream().mapToLong(run -> run.outcome().bytes()).sum();
        published.bytes().ifPresent(most -> assertThat(bytes).as("bytes").isBetween(1L, COMPARED_SEEDS * most));
    }

    /** By the clock of the scenarios, on the average; about 200 s of it are waits that they prescribe. */
    @Test
    void togetherTheyTakeLessThanFourMinutes() {
        Map<LabPart, Double> seconds = scenarios()
                .collect(Collectors.groupingBy(Scenario::part, Collectors.summingDouble(RaftLabTest::meanSeconds)));
        assertThat(seconds.get(LabPart.LOG)).isLessThan(24);
        assertThat(seconds.values().stream().mapToDouble(Double::doubleValue).sum())
                .isBetween(200.0, 240.0);
    }

    private static double meanSeconds(Scenario scenario) {
        return LongStream.rangeClosed(1, COMPARED_SEEDS)
                .mapToObj(seed -> LabRun.of(scenario, LabMode.VIRTUAL, seed, Trace.NONE))
                .mapToDouble(LabRun::seconds)
                .average()
                .orElseThrow();
    }

    /** And a trace, which is made of a failure afterwards, shows the run that failed. */
    @ParameterizedTest
    @MethodSource("scenarios")
    void isTheSameWithTheSameSeedTracedOrNot(Scenario scenario) {
        LabRun once = LabRun.of(scenario, LabMode.VIRTUAL, SEEDS + 1, Trace.NONE);
        CountingTrace trace = new CountingTrace();
        LabRun again = LabRun.of(scenario, LabMode.VIRTUAL, SEEDS + 1, trace);
        assertThat(again.outcome()).isEqualTo(once.outcome());
        assertThat(again.seconds()).isEqualTo(once.seconds());
        assertThat(trace.events.get()).isPositive();
    }

    private static final class CountingTrace implements Trace {
        private final AtomicLong events = new AtomicLong();

        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public void record(TraceEvent event) {
            events.incrementAndGet();
        }
    }
}
