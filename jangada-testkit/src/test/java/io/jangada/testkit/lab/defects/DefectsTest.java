package io.jangada.testkit.lab.defects;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Who examines the exam: each defect makes a scenario fail that passes without it. */
@Tag("exhaustive")
class DefectsTest {
    private static final int SEEDS = 300;
    /** In real time a defect is noticed when two threads meet, which on a busy machine they do not in each run. */
    private static final int RUNS_IN_REAL_TIME = 10;

    @TestFactory
    Stream<DynamicTest> everyDefectIsNoticed() {
        return Stream.of(Defect.values()).map(defect -> DynamicTest.dynamicTest(defect.name(), () -> notice(defect)));
    }

    private static void notice(Defect defect) {
        long seed = seedThatNotices(defect);
        assertThat(Examination.examine(defect.scenario(), defect.mode().name(), seed, defect.limitSeconds()))
                .as("without the defect, seed %s", seed)
                .isEqualTo(Examination.PASSED);
        List<Edit> frame = defect.frame();
        if (!frame.isEmpty()) {
            assertThat(examine(defect, DefectiveCopy.of(defect.name() + "-frame", frame), seed))
                    .as("with what else the copy changes, but without the defect, seed %s", seed)
                    .isEqualTo(Examination.PASSED);
        }
    }

    /** The seed that is written down. Any change of the protocol deals the cards anew, so the next ones are tried too. */
    private static long seedThatNotices(Defect defect) {
        DefectiveCopy copy = DefectiveCopy.of(defect.name(), defect.edits());
        String verdict = "";
        boolean real = defect.mode() == LabMode.REAL;
        for (long seed = defect.seed(); seed < defect.seed() + (real ? RUNS_IN_REAL_TIME : SEEDS); seed++) {
            verdict = examine(defect, copy, seed);
            if (verdict.contains(defect.complaint())) {
                if (!real && seed != defect.seed()) {
                    System.out.println("write down seed " + seed + " for " + defect + ": " + verdict);
                }
                return seed;
            }
        }
        throw new AssertionError(defect.scenario() + " does not notice " + defect + " any more; it said '" + verdict
                + "'. DefectSearchTest tells what does");
    }

    private static String examine(Defect defect, DefectiveCopy copy, long seed) {
        return copy.examine(defect.scenario(), defect.mode(), seed, defect.limitSeconds());
    }
}
