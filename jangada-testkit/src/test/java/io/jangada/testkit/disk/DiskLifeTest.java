package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A whole life of a node on its disk, with a misfortune at every single operation of the disk: what was acknowledged is there afterwards, and nothing that was
 * never written (traps 40, 41, 44, 46).
 */
class DiskLifeTest {
    private static final int DEEDS = 200;
    private static final LifeScript SCRIPT = LifeScript.random(1, DEEDS, 1_500);
    private static final int SURVIVALS = 8;
    /** All but one: nothing is ever cut off a file. */
    private static final Set<DiskOperation> USED = EnumSet.complementOf(EnumSet.of(DiskOperation.TRUNCATE));

    @Test
    void thePowerFailsAtEveryOperation() throws IOException {
        LifeRun run = new LifeRun(new SimDisk("sim"), SCRIPT);
        int[] counts = new int[2];
        Map<DiskOperation, Integer> kinds = new EnumMap<>(DiskOperation.class);
        run.disk.setFaults((operation, number, file) -> {
            counts[0]++;
            kinds.merge(operation, 1, Integer::sum);
            counts[1] += crash(run, number, operation + " of " + file);
        });
        run.play();
        counts[1] += crash(run, counts[0] + 1, "the end");
        System.out.println("DiskLifeTest: " + DEEDS + " deeds with " + counts[0] + " operations of the disk " + kinds
                + ", " + counts[1] + " power failures, all recovered");
        assertThat(kinds.keySet()).containsAll(USED);
        assertThat(counts[0]).isGreaterThan(500);
    }

    /** The power fails before this operation, on copies of the disk, with more or less of what was not synchronised. */
    private static int crash(LifeRun run, long number, String what) throws IOException {
        LifeRun.Promise promise = run.promise();
        Random random = new Random(number);
        for (int variant = 0; variant < SURVIVALS; variant++) {
            SimDisk disk = run.disk.copy();
            disk.crash(
                    switch (variant) {
                        case 0 -> Survival.NOTHING;
                        case 1 -> Survival.EVERYTHING;
                        default -> Survival.random(random);
                    });
            String when = "crash before operation " + number + " (" + what + "), variant " + variant;
            LogImage image = run.requireKept(disk, promise, when);
            LifeRun.goOn(disk, image, when);
        }
        return SURVIVALS;
    }

    @Test
    void everyOperationFailsOnce() throws IOException {
        int failures = 0;
        int unnoticed = 0;
        for (FailedForce how : FailedForce.values()) {
            for (long operation = 1; ; operation++) {
                long failing = operation;
                LifeRun run = new LifeRun(new SimDisk("sim"), SCRIPT);
                run.disk.setFailedForce(how);
                unnoticed += fails(run, Faults.at(number -> number == failing)) ? 0 : 1;
                if (run.disk.operations() < operation) {
                    break;
                }
                failures++;
                requireDurable(run, "operation " + operation + " failed once, " + how);
            }
        }
        System.out.println("DiskLifeTest: " + failures + " operations failed once, " + unnoticed
                + " of them where it does not matter; nothing acknowledged was lost");
        assertThat(failures).isGreaterThan(1_000);
        // Old snapshots and segments that could not be deleted, and what was made ahead and never needed.
        assertThat(unnoticed).isLessThan(failures / 10);
    }

    @Test
    void theDiskIsFullFromEveryOperationOn() throws IOException {
        int failures = 0;
        for (long operation = 1; ; operation++) {
            LifeRun run = new LifeRun(new SimDisk("sim"), SCRIPT);
            boolean failed = fails(run, Faults.fullFrom(operation));
            if (run.disk.operations() < operation) {
                break;
            }
            failures += failed ? 1 : 0;
            requireDurable(run, "the disk was full from operation " + operation + " on");
        }
        System.out.println("DiskLifeTest: " + failures
                + " full disks that had space again for the next process; nothing acknowledged was lost");
        assertThat(failures).isGreaterThan(500);
    }

    @Test
    void everyClosingOfAFileFails() throws IOException {
        int failures = 0;
        for (long closing = 1; ; closing++) {
            LifeRun run = new LifeRun(new SimDisk("sim"), SCRIPT);
            boolean failed = fails(run, Faults.closingFrom(closing));
            if (run.disk.closings() < closing) {
                break;
            }
            failures += failed ? 1 : 0;
            requireDurable(run, "file " + closing + " could not be closed");
        }
        System.out.println("DiskLifeTest: " + failures + " files not closed in order; nothing acknowledged was lost");
        assertThat(failures).isGreaterThan(10);
    }

    /** Whether something has failed; then the disk works again, and still the log acknowledges nothing. */
    private static boolean fails(LifeRun run, Faults faults) throws IOException {
        run.disk.setFaults(faults);
        try {
            run.play();
            return false;
        } catch (IOException failure) {
            assertThat(failure).hasStackTraceContaining("simulated failure");
            run.disk.setFaults(Faults.NONE);
            run.requireNothingMoreIsAcknowledged(failure);
            return true;
        }
    }

    /** The next process has everything, and so has the one after a power failure: what is shown is on the disk and not in memory that says so. */
    private static void requireDurable(LifeRun run, String when) throws IOException {
        LifeRun.Promise promise = run.promise();
        run.disk.setFaults(Faults.NONE);
        run.disk.kill();
        LogImage shown = run.requireKept(run.disk, promise, when);
        run.disk.crash(Survival.NOTHING);
        assertThat(run.requireKept(run.disk, promise, when + ", then power failure"))
                .as(when)
                .isEqualTo(shown);
        LifeRun.goOn(run.disk, shown, when);
    }
}
