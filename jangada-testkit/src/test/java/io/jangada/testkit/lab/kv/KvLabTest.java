package io.jangada.testkit.lab.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.Trace;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario of the key-value labs once in virtual time. */
class KvLabTest {
    static Stream<Scenario> scenarios() {
        return KvScenarios.all().stream();
    }

    @Test
    void thereAreFourteenWithoutSnapshotsAndNineWith() {
        assertThat(scenarios().filter(each -> each.part() == LabPart.KV)).hasSize(14);
        assertThat(scenarios().filter(each -> each.part() == LabPart.KV_SNAPSHOTS))
                .hasSize(9);
        assertThat(scenarios().map(Scenario::name)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void passesInVirtualTime(Scenario scenario) {
        LabRun run = LabRun.of(scenario, LabMode.VIRTUAL, 1, Trace.NONE);
        assertThat(run.failure()).isEmpty();
        assertThat(run.outcome().agreements()).isPositive();
    }
}
