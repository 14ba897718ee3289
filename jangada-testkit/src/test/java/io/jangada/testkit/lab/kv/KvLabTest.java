package io.jangada.testkit.lab.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.Trace;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios of the key-value labs. */
class KvLabTest {
    private static final int SEEDS = 25;

    static Stream<Scenario> scenarios() {
        return KvScenarios.all().stream();
    }

    private static Scenario named(String name) {
        return scenarios().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
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

    @Test
    void aRunIsTheSameForTheSameSeed() {
        Scenario hardest = named("SnapshotUnreliableRecoverConcurrentPartition4B");
        LabRun one = LabRun.of(hardest, LabMode.VIRTUAL, 7, Trace.NONE);
        LabRun same = LabRun.of(hardest, LabMode.VIRTUAL, 7, Trace.NONE);
        LabRun other = LabRun.of(hardest, LabMode.VIRTUAL, 8, Trace.NONE);
        assertThat(one.passed()).isTrue();
        assertThat(same.outcome()).isEqualTo(one.outcome());
        assertThat(same.seconds()).isEqualTo(one.seconds());
        assertThat(other.outcome()).isNotEqualTo(one.outcome());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("scenarios")
    void passesInVirtualTimeWithManySeeds(Scenario scenario) {
        for (long seed = 100; seed < 100 + SEEDS; seed++) {
            assertThat(LabRun.of(scenario, LabMode.VIRTUAL, seed, Trace.NONE).failure())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    /** An election, and a thousand operations one after the other. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"Speed4A", "Speed4B"})
    void aThousandOperationsTakeTwoSecondsAtMostInRealTime(String name) {
        LabRun run = LabRun.of(named(name), LabMode.REAL, 1, Trace.NONE);
        assertThat(run.failure()).isEmpty();
        System.out.printf("%s in real time: %.2f s with the first election%n", name, run.seconds());
        assertThat(run.seconds()).isLessThan(2 + KvLab.ELECTION_MILLIS / 1_000.0);
    }
}
