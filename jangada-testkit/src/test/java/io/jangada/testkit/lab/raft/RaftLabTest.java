package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.Trace;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario of the Raft labs once in virtual time. */
class RaftLabTest {
    static Stream<Scenario> scenarios() {
        return RaftScenarios.all().stream();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void passesInVirtualTime(Scenario scenario) {
        LabRun run = LabRun.of(scenario, LabMode.VIRTUAL, 1, Trace.NONE);
        assertThat(run.failure()).isEmpty();
    }
}
