package io.jangada.testkit.lab.defects;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays all scenarios with each defect, in virtual time, and prints which of them notice it, and with which seed first. {@code -Djangada.lab.defect=A4_COMMITS...} does so for one
 * defect only, {@code -Djangada.lab.seeds=100} with more seeds.
 */
@Tag("long")
class DefectSearchTest {
    private static final long SEEDS = Long.getLong("jangada.lab.seeds", 30);
    private static final long LIMIT_SECONDS = 60;

    @TestFactory
    Stream<DynamicTest> whichScenariosNotice() {
        String only = System.getProperty("jangada.lab.defect", "");
        // What blocks threads shows in real time only.
        return Stream.of(Defect.values())
                .filter(defect ->
                        defect.mode() == LabMode.VIRTUAL && defect.name().startsWith(only))
                .map(defect -> DynamicTest.dynamicTest(defect.name(), () -> search(defect)));
    }

    private static void search(Defect defect) {
        DefectiveCopy copy = DefectiveCopy.of(defect.name() + "-search", defect.edits());
        List<String> noticed = new ArrayList<>();
        for (Scenario scenario : Examination.scenarios()) {
            int failures = 0;
            String first = "";
            for (long seed = 1; seed <= SEEDS; seed++) {
                String verdict = copy.examine(scenario.name(), LabMode.VIRTUAL, seed, LIMIT_SECONDS);
                if (!verdict.equals(Examination.PASSED)) {
                    first = failures == 0 ? "seed " + seed + ": " + verdict : first;
                    failures++;
                }
            }
            if (failures > 0) {
                noticed.add(scenario.name());
                System.out.println(defect + ": " + scenario.name() + " fails with " + failures + " of " + SEEDS
                        + " seeds; " + first);
            }
        }
        assertThat(noticed)
                .as("scenarios that notice it within " + SEEDS + " seeds")
                .isNotEmpty();
    }
}
