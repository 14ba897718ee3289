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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario of the Raft labs in virtual time. */
class RaftLabTest {
    private static final int SEEDS = 3;

    /** Chance decides how much a scenario asks for: so many runs are compared with what the course shows, each by itself. */
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
        for (long seed = 1; seed <= COMPARED_SEEDS; seed++) {
            LabRun run = LabRun.of(scenario, LabMode.VIRTUAL, seed, Trace.NONE);
            assertThat(run.outcome().rpcs())
                    .as("RPCs with seed %d", seed)
                    .isBetween(1L, published.rpcs().orElseThrow());
            if (published.bytes().isPresent()) {
                assertThat(run.outcome().bytes())
                        .as("bytes with seed %d", seed)
                        .isBetween(1L, published.bytes().getAsLong());
            }
        }
    }

    /** By the clock of the scenarios; about 200 s of it are waits that they prescribe. */
    @Test
    void togetherTheyTakeLessThanFourMinutes() {
        for (long seed = 1; seed <= COMPARED_SEEDS; seed++) {
            long same = seed;
            Map<LabPart, Double> seconds = scenarios()
                    .collect(Collectors.groupingBy(Scenario::part, Collectors.summingDouble(scenario -> LabRun.of(
                                    scenario, LabMode.VIRTUAL, same, Trace.NONE)
                            .seconds())));
            assertThat(seconds.get(LabPart.LOG)).as("3B with seed %d", seed).isLessThan(25);
            assertThat(seconds.values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .as("seed %d", seed)
                    .isBetween(200.0, 240.0);
        }
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
