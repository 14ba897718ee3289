package io.jangada.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.check.SafetyViolation;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Who checks the checkers: each bug that is planted at a port must be found within a few of the worlds in which it can show. */
class PlantedBugsTest {
    private static final int SEEDS = 200;

    @TestFactory
    Stream<DynamicTest> everyPlantedBugIsFound() {
        return Stream.of(PlantedBug.values()).map(bug -> DynamicTest.dynamicTest(bug.name(), () -> find(bug)));
    }

    private static void find(PlantedBug bug) {
        int worlds = 0;
        for (long seed = 1; worlds < SEEDS; seed++) {
            FaultPlan world = bug.world(seed);
            if (!bug.canShow(world)) {
                continue;
            }
            worlds++;
            SafetyViolation violation =
                    Simulation.run(seed, world, new PlantedBugs(bug)).violation();
            if (violation != null) {
                System.out.println("planted bug " + bug + " found at seed " + seed + " by " + violation.promise());
                assertThat(bug.expected()).as(violation::toString).contains(violation.promise());
                return;
            }
        }
        throw new AssertionError("the planted bug " + bug + " was not found in " + SEEDS + " worlds");
    }
}
