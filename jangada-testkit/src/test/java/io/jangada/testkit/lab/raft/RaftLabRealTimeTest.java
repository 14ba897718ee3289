package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.Trace;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scenarios of the Raft labs in real time, with threads and the clock. Prints for each what the course prints. */
class RaftLabRealTimeTest {
    private static final long SEED = 1;

    static Stream<Scenario> firstParts() {
        return scenarios(Set.of(LabPart.ELECTION, LabPart.LOG));
    }

    static Stream<Scenario> lastParts() {
        return scenarios(Set.of(LabPart.PERSISTENCE, LabPart.SNAPSHOTS));
    }

    private static Stream<Scenario> scenarios(Set<LabPart> parts) {
        return RaftScenarios.all().stream().filter(scenario -> parts.contains(scenario.part()));
    }

    @ParameterizedTest
    @MethodSource("firstParts")
    void electionAndLogPass(Scenario scenario) {
        play(scenario);
    }

    @ParameterizedTest
    @MethodSource("lastParts")
    @Tag("long")
    void persistenceAndSnapshotsPass(Scenario scenario) {
        play(scenario);
    }

    private static void play(Scenario scenario) {
        LabRun run = LabRun.of(scenario, LabMode.REAL, SEED, Trace.NONE);
        System.out.printf(
                "real time: %s %s (%d peers): %.1f s, %d RPCs, %d bytes, %d agreements%n",
                scenario.part().label(),
                scenario.title(),
                scenario.servers(),
                run.seconds(),
                run.outcome().rpcs(),
                run.outcome().bytes(),
                run.outcome().agreements());
        assertThat(run.failure()).isEmpty();
    }
}
