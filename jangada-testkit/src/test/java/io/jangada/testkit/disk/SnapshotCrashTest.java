package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.ForcedMembership;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The power fails, or an operation does, while snapshots are taken, received, resumed and retired beside a log that is compacted and reset (trap 21). */
@Tag("exhaustive")
class SnapshotCrashTest {
    private static final int STEPS = 14;
    private static final int SEEDS = 14;
    private static final Set<String> STAGED = Set.of("snapshot.tmp", "incoming.tmp", "part.tmp", "incoming-part.tmp");

    @Test
    void everyOperationWithAnySubsetOfTheUnsynchronisedSectors() throws IOException {
        int crashes = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            boolean cut = true;
            for (long operation = 1; cut; operation++) {
                SnapshotRun run = new SnapshotRun(new SimDisk("sim"), seed);
                cut = run.playUntil(STEPS, operation);
                Random random = new Random(seed * 1_000L + operation);
                for (int variant = 0; variant < 5; variant++) {
                    SimDisk disk = run.disk.copy();
                    disk.crash(survival(variant, random));
                    String when = "seed " + seed + ", crash at operation " + operation + ", variant " + variant;
                    run.requireKept(disk, when);
                    run.goOn(disk, when);
                    crashes++;
                }
            }
        }
        System.out.println("SnapshotCrashTest: " + crashes + " crashes at every operation, all recovered");
        assertThat(crashes).isGreaterThan(5_000);
    }

    @Test
    void everyFewBytesOfEveryUnsynchronisedWrite() throws IOException {
        int crashes = 0;
        boolean cut = true;
        for (long operation = 1; cut; operation++) {
            SnapshotRun run = new SnapshotRun(new SimDisk("sim"), 4);
            cut = run.playUntil(40, operation);
            for (String file : run.disk.unsyncedFiles()) {
                if (!STAGED.contains(file)) {
                    continue;
                }
                for (long end = run.disk.unsyncedFrom(file); end <= run.disk.unsyncedTo(file); end += 13) {
                    SimDisk disk = run.disk.copy();
                    disk.crash(Survival.upTo(end));
                    String when = "operation " + operation + ", torn at offset " + end + " of " + file;
                    run.requireKept(disk, when);
                    run.goOn(disk, when);
                    crashes++;
                }
            }
        }
        System.out.println("SnapshotCrashTest: " + crashes + " torn snapshots, all recovered");
        assertThat(crashes).isGreaterThan(1_000);
    }

    /** The disk fails at one operation and at all after it, so that nothing can be cleared away; the next process must not trust what it can read (trap 40). */
    @Test
    void theDiskFailsForGoodAndTheProcessWithIt() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (long operation = 1; ; operation++) {
                SnapshotRun run = new SnapshotRun(new SimDisk("sim"), seed);
                long failing = operation;
                run.disk.setFaults(Faults.at(number -> number >= failing));
                try {
                    run.play(STEPS);
                } catch (IOException e) {
                    assertThat(e).hasStackTraceContaining("simulated failure of operation");
                }
                if (run.disk.operations() < operation) {
                    break;
                }
                run.disk.setFaults(Faults.NONE);
                run.disk.kill();
                String when = "seed " + seed + ", the disk failed from operation " + operation + " on";
                run.requireKept(run.disk, when);
                run.goOn(run.disk, when);
            }
        }
    }

    /** An operation fails once; what is shown after the next start is on the disk, not only in memory that says so (trap 40). */
    @Test
    void everyOperationFailsOnce() throws IOException {
        int failures = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            for (long operation = 1; ; operation++) {
                SnapshotRun run = new SnapshotRun(new SimDisk("sim"), seed);
                long failing = operation;
                run.disk.setFaults(Faults.at(number -> number == failing));
                try {
                    run.play(STEPS);
                } catch (IOException e) {
                    assertThat(e).hasStackTraceContaining("simulated failure of operation " + operation);
                }
                if (run.disk.operations() < operation) {
                    break;
                }
                run.disk.setFaults(Faults.NONE);
                run.disk.kill();
                String when = "seed " + seed + ", operation " + operation + " failed";
                long shown = run.requireKept(run.disk, when);
                run.disk.crash(Survival.NOTHING);
                assertThat(run.requireKept(run.disk, when + ", then power failure"))
                        .isEqualTo(shown);
                run.goOn(run.disk, when);
                failures++;
            }
        }
        System.out.println("SnapshotCrashTest: " + failures + " operations failed once; nothing promised was lost");
        assertThat(failures).isGreaterThan(1_000);
    }

    @Test
    void aForcedMembershipIsThereOrNot() throws IOException {
        Membership alone = Membership.ofVoters(ScriptRun.OWNER.node());
        SimDisk stopped = new SimDisk("sim");
        try (SegmentedLog log = ScriptRun.open(stopped)) {
            log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(Entry.noOp(1, 3), Entry.noOp(2, 3))));
            log.sync();
        }
        long before = stopped.operations();
        ForcedMembership.Survivor found = ForcedMembership.describe(stopped);
        assertThat(stopped.operations()).as("a look changes nothing").isEqualTo(before);
        boolean cut = true;
        int done = 0;
        for (long operation = 1; cut; operation++) {
            SimDisk disk = stopped.copy();
            disk.setFaults(ScriptRun.powerCutAt(operation));
            cut = false;
            try {
                ForcedMembership.append(disk, ScriptRun.OPTIONS, alone, 4);
            } catch (IOException | ScriptRun.PowerCut e) {
                ScriptRun.rethrowUnlessPowerCut(e);
                cut = true;
            }
            disk.setFaults(Faults.NONE);
            disk.crash(Survival.random(new Random(operation)));
            ForcedMembership.Survivor after = ForcedMembership.describe(disk);
            if (cut && after.lastIndex() == 2) {
                assertThat(after).isEqualTo(found);
            } else {
                assertThat(after.lastIndex()).isEqualTo(3);
                assertThat(after.membership()).isEqualTo(new MembershipAt(3, alone));
                assertThat(after.hardState().term()).isEqualTo(4);
                assertThat(after.hardState().votedFor()).isEqualTo(NodeId.NONE);
                done++;
            }
        }
        assertThat(done).isPositive();
    }

    /** A folder of version 1 has its number before and after, whatever happens while it becomes one of version 2 (trap 47). */
    @Test
    void aFolderKeepsItsIncarnationWhenItsFormatIsRaised() throws IOException {
        SimDisk old = new SimDisk("sim");
        long incarnation;
        try (SegmentedLog log = ScriptRun.open(old)) {
            incarnation = log.incarnation();
            log.write(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(Entry.noOp(1, 3))));
            log.sync();
        }
        ByteBuffer identity = ByteBuffer.wrap(old.contents("IDENTITY")).putInt(8, 1);
        CRC32C checksum = new CRC32C();
        checksum.update(identity.array(), 0, 36);
        old.replace("IDENTITY", identity.putInt(36, (int) checksum.getValue()).array());
        boolean cut = true;
        for (long operation = 1; cut; operation++) {
            for (int variant = 0; variant < 4; variant++) {
                SimDisk disk = old.copy();
                disk.setFaults(ScriptRun.powerCutAt(operation));
                cut = false;
                try {
                    ScriptRun.open(disk).close();
                } catch (IOException | ScriptRun.PowerCut e) {
                    ScriptRun.rethrowUnlessPowerCut(e);
                    cut = true;
                }
                disk.setFaults(Faults.NONE);
                disk.crash(survival(variant, new Random(operation)));
                try (SegmentedLog log = ScriptRun.open(disk)) {
                    assertThat(log.incarnation()).isEqualTo(incarnation);
                    assertThat(log.recovered().lastIndex()).isEqualTo(1);
                }
                assertThat(ByteBuffer.wrap(disk.contents("IDENTITY")).getInt(8)).isEqualTo(3);
            }
        }
    }

    private static Survival survival(int variant, Random random) {
        return switch (variant) {
            case 0 -> Survival.NOTHING;
            case 1 -> Survival.EVERYTHING;
            default -> Survival.random(random);
        };
    }
}
