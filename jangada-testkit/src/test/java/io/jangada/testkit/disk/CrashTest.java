package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.Entry;
import io.jangada.core.model.Promised;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The power fails at every operation and at every byte, and nothing that was promised is lost (traps 21, 22, 41). */
@Tag("exhaustive")
class CrashTest {
    private static final Script SCRIPT = Script.random(11, 60, 1_500);

    @Test
    void everyOperationWithAnySubsetOfTheUnsynchronisedSectors() throws IOException {
        int crashes = 0;
        for (long operation = 1; ; operation++) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            boolean cut = run.playUntil(SCRIPT, operation);
            Random random = new Random(operation);
            for (int variant = 0; variant < 12; variant++) {
                SimDisk disk = run.disk.copy();
                disk.crash(survival(variant, random));
                String when = "crash at operation " + operation + ", variant " + variant;
                LogImage image = ScriptRun.reopen(run, disk, when);
                goOn(disk, image, when);
                crashes++;
            }
            if (!cut) {
                break;
            }
        }
        System.out.println("CrashTest: " + crashes + " crashes at every operation, all recovered");
        assertThat(crashes).isGreaterThan(2_000);
    }

    /** The beginning of the log moves and files go, in many ways (trap 21): every file that a crash leaves or brings back is accounted for. */
    @Test
    void everyOperationOfManyScriptsWithBases() throws IOException {
        int crashes = 0;
        for (int seed = 100; seed < 130; seed++) {
            Script script = Script.random(seed, 30, 2_500);
            boolean cut = true;
            for (long operation = 12; cut; operation++) {
                ScriptRun run = new ScriptRun(new SimDisk("sim"));
                cut = run.playUntil(script, operation);
                Random random = new Random(seed * 1_000L + operation);
                for (int variant = 0; variant < 4; variant++) {
                    SimDisk disk = run.disk.copy();
                    disk.crash(survival(variant, random));
                    String when = "script " + seed + ", crash at operation " + operation + ", variant " + variant;
                    goOn(disk, ScriptRun.reopen(run, disk, when), when);
                    crashes++;
                }
            }
        }
        System.out.println("CrashTest: " + crashes + " crashes of scripts with bases, all recovered");
    }

    @Test
    void everyByteOfEveryUnsynchronisedWrite() throws IOException {
        int crashes = 0;
        boolean cut = true;
        for (long operation = 1; cut; operation++) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            cut = run.playUntil(SCRIPT, operation);
            for (String file : run.disk.unsyncedFiles()) {
                if (!file.endsWith(".log")) {
                    continue;
                }
                for (long end = run.disk.unsyncedFrom(file); end <= run.disk.unsyncedTo(file); end++) {
                    SimDisk disk = run.disk.copy();
                    disk.crash(Survival.upTo(end));
                    ScriptRun.reopen(run, disk, "operation " + operation + ", torn at offset " + end + " of " + file);
                    crashes++;
                }
            }
        }
        System.out.println("CrashTest: " + crashes + " writes torn at every byte, all recovered");
        assertThat(crashes).isGreaterThan(10_000);
    }

    @Test
    void theLastFileTornAtEveryByteWhileTheFolderIsMade() throws IOException {
        int crashes = 0;
        for (long operation = 1; operation <= 12; operation++) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            run.playUntil(new Script(List.of()), operation);
            for (int end = 0; end <= 4 << 10; end += end < 200 ? 1 : 128) {
                SimDisk disk = run.disk.copy();
                disk.crash(Survival.upTo(end));
                ScriptRun.reopen(run, disk, "folder made up to operation " + operation + ", torn at " + end);
                crashes++;
            }
        }
        System.out.println("CrashTest: " + crashes + " crashes while the folder is made, all recovered");
    }

    /** The power fails, and again at every operation of the recovery from that, with other sectors kept. */
    @Test
    void everyOperationOfTheRecovery() throws IOException {
        int crashes = 0;
        boolean cut = true;
        for (long operation = 1; cut; operation += 3) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            cut = run.playUntil(SCRIPT, operation);
            Random random = new Random(operation);
            for (int variant = 0; variant < 4; variant++) {
                SimDisk first = run.disk.copy();
                first.crash(survival(variant + 1, random));
                crashes += crashDuringRecovery(run, first, random, "crash at operation " + operation);
            }
        }
        System.out.println("CrashTest: " + crashes + " crashes during recovery, all recovered");
        assertThat(crashes).isGreaterThan(2_000);
    }

    private static int crashDuringRecovery(ScriptRun run, SimDisk first, Random random, String when)
            throws IOException {
        int crashes = 0;
        for (long operation = 1; ; operation++) {
            SimDisk second = first.copy();
            second.setFaults(ScriptRun.powerCutAt(operation));
            boolean cut = false;
            try (SegmentedLog log = ScriptRun.open(second)) {
                assertThat(log.recovered()).isNotNull();
            } catch (IOException | ScriptRun.PowerCut e) {
                ScriptRun.rethrowUnlessPowerCut(e);
                cut = true;
            }
            for (int variant = 0; variant < 3; variant++) {
                SimDisk third = second.copy();
                third.crash(survival(variant == 0 ? 0 : 5, random));
                ScriptRun.reopen(run, third, when + " and at operation " + operation + " of the recovery");
                crashes++;
            }
            if (!cut) {
                return crashes;
            }
        }
    }

    /** What a log shows once, it shows for ever: a recovered state is durable before anybody can see it. */
    @Test
    void whatWasRecoveredSurvivesThePowerFailureThatFollows() throws IOException {
        boolean cut = true;
        for (long operation = 1; cut; operation++) {
            ScriptRun run = new ScriptRun(new SimDisk("sim"));
            cut = run.playUntil(SCRIPT, operation);
            run.disk.setFaults(Faults.NONE);
            run.disk.kill();
            LogImage shown = ScriptRun.reopen(run, run.disk, "process killed at operation " + operation);
            run.disk.crash(Survival.NOTHING);
            try (SegmentedLog log = ScriptRun.open(run.disk)) {
                assertThat(LogImage.of(log))
                        .as("killed at operation " + operation + ", then power failure")
                        .isEqualTo(shown);
            }
        }
    }

    /** The second record of a torn write is whole; once the first is written anew, it must not follow it (trap 42). */
    @Test
    void whatWasCutNeverComesBack() throws IOException {
        SimDisk disk = new SimDisk("sim");
        SegmentedLog torn = ScriptRun.open(disk);
        disk.setFaults((operation, number, file) -> {
            if (operation == DiskOperation.FORCE) {
                throw new ScriptRun.PowerCut();
            }
        });
        for (int i = 1; i <= 2; i++) {
            torn.write(new WriteBatch(i, null, WriteBatch.KEEP_ALL, List.of(Entry.command(i, 1, new byte[1_000]))));
        }
        assertThatThrownBy(torn::sync).isInstanceOf(ScriptRun.PowerCut.class);
        disk.setFaults(Faults.NONE);
        disk.crash(Survival.from(8_192 + 1_024));
        Entry anew = Entry.command(1, 2, new byte[1_000]);
        try (SegmentedLog log = ScriptRun.open(disk)) {
            assertThat(log.recovered().lastIndex()).isZero();
            assertThat(LogImage.salvaged(log)).hasSize(1);
            log.write(new WriteBatch(
                    1, null, null, WriteBatch.KEEP_ALL, List.of(anew), Promised.NOTHING, WriteBatch.SalvageFate.DROP));
            log.sync();
        }
        try (SegmentedLog log = ScriptRun.open(disk)) {
            assertThat(LogImage.of(log).entries()).containsExactly(anew);
        }
    }

    private static Survival survival(int variant, Random random) {
        return switch (variant) {
            case 0 -> Survival.NOTHING;
            case 1 -> Survival.EVERYTHING;
            default -> Survival.random(random);
        };
    }

    /** The recovered log takes more, across a segment's end, and has it after another power failure. */
    private static void goOn(SimDisk disk, LogImage image, String when) throws IOException {
        long term = Math.max(1, Math.max(image.lastTerm(), image.hardState().term()));
        List<Entry> expected = new ArrayList<>(image.entries());
        try (SegmentedLog log = ScriptRun.open(disk)) {
            log.write(new WriteBatch(
                    1, null, null, WriteBatch.KEEP_ALL, List.of(), Promised.NOTHING, WriteBatch.SalvageFate.DROP));
            for (int i = 0; i < 3; i++) {
                Entry entry = Entry.command(image.lastIndex() + 1 + i, term, new byte[1_000 + i]);
                expected.add(entry);
                log.write(new WriteBatch(i + 2, null, WriteBatch.KEEP_ALL, List.of(entry)));
                log.sync();
            }
        }
        disk.crash(Survival.NOTHING);
        try (SegmentedLog log = ScriptRun.open(disk)) {
            assertThat(LogImage.of(log)).as(when + ", gone on").isEqualTo(image.with(image.hardState(), expected));
        }
    }
}
