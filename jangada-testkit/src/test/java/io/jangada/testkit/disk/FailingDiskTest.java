package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.Entry;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every operation fails once, and then works again as if nothing had been: the log does not believe it (trap 40). */
class FailingDiskTest {
    private static final Script SCRIPT = Script.random(5, 60, 1_500);

    @Test
    void everyOperationFailsOnceAndTheLogIsPoisoned() throws IOException {
        int failures = 0;
        int unnoticed = 0;
        for (long operation = 1; ; operation++) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            long failing = operation;
            run.disk.setFaults(Faults.at(number -> number == failing));
            boolean noticed = playToFailure(run);
            if (run.disk.operations() < operation) {
                break;
            }
            failures++;
            unnoticed += noticed ? 0 : 1;
            reopenTwice(run, "operation " + operation + " failed");
        }
        System.out.println("FailingDiskTest: " + failures + " operations failed once, " + unnoticed
                + " of them without an effect before the script ended; nothing promised was lost");
        assertThat(failures).isGreaterThan(150);
        // Only the preparation of a segment that was never needed may fail and not matter: one create, its writes, one
        // force.
        assertThat(unnoticed).isLessThan(5);
    }

    /** Plays the script; after a failure tries all calls, which must fail with the same cause. */
    private static boolean playToFailure(ScriptRun run) throws IOException {
        try {
            run.play(SCRIPT);
            return false;
        } catch (IOException failure) {
            SegmentedLog log = run.log;
            if (log != null) {
                requirePoisoned(log, failure);
            }
            return true;
        }
    }

    private static void requirePoisoned(SegmentedLog log, IOException failure) {
        WriteBatch batch = new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(Entry.noOp(1, 1)));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(log::sync).isInstanceOf(IOException.class).hasCause(failure);
            assertThatThrownBy(() -> log.write(batch))
                    .isInstanceOf(IOException.class)
                    .hasCause(failure);
            assertThatThrownBy(() -> log.read(1, 1, 100))
                    .isInstanceOf(IOException.class)
                    .hasCause(failure);
        }
    }

    /** A new process shows what it finds, and what it has shown is on the disk, not in a page cache that only says so. */
    private static void reopenTwice(ScriptRun run, String when) throws IOException {
        run.disk.setFaults(Faults.NONE);
        run.disk.kill();
        LogImage shown = ScriptRun.reopen(run, run.disk, when);
        run.disk.crash(Survival.NOTHING);
        try (SegmentedLog log = ScriptRun.open(run.disk)) {
            assertThat(LogImage.of(log))
                    .as(when + ", reopened, then power failure")
                    .isEqualTo(shown);
        }
    }

    @Test
    void everyOperationFailsAndThenThePowerDoes() throws IOException {
        for (long operation = 1; ; operation++) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            long failing = operation;
            run.disk.setFaults(Faults.at(number -> number == failing));
            playToFailure(run);
            if (run.disk.operations() < operation) {
                break;
            }
            run.disk.setFaults(Faults.NONE);
            run.disk.crash(Survival.EVERYTHING);
            ScriptRun.reopen(run, run.disk, "operation " + operation + " failed, then power failure");
        }
    }

    @Test
    void everyOperationOfTheRecoveryFails() throws IOException {
        ScriptRun run = new ScriptRun(new SimDisk("sim"));
        run.play(SCRIPT);
        for (long operation = 1; ; operation++) {
            SimDisk disk = run.disk.copy();
            long failing = operation;
            disk.setFaults(Faults.at(number -> number == failing));
            try (SegmentedLog log = ScriptRun.open(disk)) {
                run.requireKept(LogImage.of(log), "recovery");
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("simulated failure");
            }
            boolean through = disk.operations() < operation;
            disk.setFaults(Faults.NONE);
            disk.kill();
            ScriptRun.reopen(run, disk, "operation " + operation + " of the recovery failed");
            if (through) {
                break;
            }
        }
    }

    @Test
    void aFullDiskPoisonsAndKeepsWhatWasPromised() throws IOException {
        for (long capacity = 5_000; capacity < 16_000; capacity += 311) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            run.disk.setCapacity(capacity);
            assertThat(playToFailure(run)).as("capacity " + capacity).isTrue();
            run.disk.setCapacity(Long.MAX_VALUE);
            reopenTwice(run, "disk full at " + capacity);
        }
    }
}
