package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.CorruptLogException;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.StorageRefusedException;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The traps 40 to 47 where they touch the log on its disk, each by its number ({@code docs/traps.md}). */
class DiskTrapsTest {
    private final SimDisk disk = new SimDisk("sim");

    private static Entry entry(long index) {
        return Entry.command(index, 1, new byte[(int) (500 + index)]);
    }

    private static void append(SegmentedLog log, long index) throws IOException {
        log.write(new WriteBatch(index, null, WriteBatch.KEEP_ALL, List.of(entry(index))));
    }

    private static void appendDurably(SegmentedLog log, long from, long to) throws IOException {
        for (long index = from; index <= to; index++) {
            append(log, index);
            log.sync();
        }
    }

    private static void requireEntries(Disk disk, long last) throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            List<Entry> entries = LogImage.of(log).entries();
            assertThat(entries).hasSize((int) last);
            for (Entry entry : entries) {
                assertThat(entry).isEqualTo(entry(entry.index()));
            }
        }
    }

    /** Fails the next force, and no other. */
    private static void failNextForce(SimDisk failing) {
        boolean[] failed = new boolean[1];
        failing.setFaults((operation, number, file) -> {
            if (operation == DiskOperation.FORCE && !failed[0]) {
                failed[0] = true;
                throw new IOException("simulated failure of one force");
            }
        });
    }

    @Test
    void trap40AForceThatFailedOnceIsNeverBelievedAgain() throws IOException {
        for (FailedForce how : FailedForce.values()) {
            SimDisk failing = new SimDisk("sim");
            failing.setFailedForce(how);
            SegmentedLog log = ScriptRun.open(failing);
            appendDurably(log, 1, 2);
            append(log, 3);
            failNextForce(failing);
            assertThatThrownBy(log::sync).hasMessageContaining("simulated failure of one force");
            // The disk would say "done" from now on, and has nothing of what was to be written.
            assertThatThrownBy(log::sync).hasMessageContaining("takes no more calls until it is opened again");
            assertThatThrownBy(() -> append(log, 4)).hasMessageContaining("takes no more calls");
            failing.kill();
            long shown;
            try (SegmentedLog again = ScriptRun.open(failing)) {
                shown = again.recovered().lastIndex();
                assertThat(shown).isBetween(2L, 3L);
            }
            failing.crash(Survival.NOTHING);
            requireEntries(failing, shown);
        }
    }

    /** Who checks this: a disk driver that repeats a failed force makes the log acknowledge what is not there. */
    @Test
    void trap40ARepeatedForceLosesWhatWasAcknowledged() throws IOException {
        SegmentedLog log = ScriptRun.open(new DiskWrapper(disk) {
            @Override
            void force(DiskFile file, boolean metadata) throws IOException {
                try {
                    super.force(file, metadata);
                } catch (IOException e) {
                    super.force(file, metadata);
                }
            }
        });
        appendDurably(log, 1, 2);
        append(log, 3);
        failNextForce(disk);
        log.sync();
        disk.crash(Survival.EVERYTHING);
        assertThatThrownBy(() -> requireEntries(disk, 3)).isInstanceOf(AssertionError.class);
    }

    /** The power fails at each step of a segment's making; of its bytes nothing has reached the disk, or all, but its name has. */
    @Test
    void trap41ASegmentOfZerosIsNoHarm() throws IOException {
        SegmentedLog log = ScriptRun.open(disk);
        long[] last = new long[1];
        int[] crashes = new int[1];
        disk.setFaults((operation, number, file) -> {
            for (Survival survival : List.of(Survival.upTo(0), Survival.from(SimDisk.SECTOR_BYTES), Survival.NOTHING)) {
                SimDisk copy = disk.copy();
                copy.crash(survival);
                try (SegmentedLog again = ScriptRun.open(copy)) {
                    assertThat(again.recovered().lastIndex())
                            .as(operation + " of " + file)
                            .isBetween(last[0], last[0] + 1);
                }
                crashes[0]++;
            }
        });
        for (long index = 1; index <= 60; index++) {
            append(log, index);
            log.sync();
            last[0] = index;
        }
        disk.setFaults(Faults.NONE);
        assertThat(disk.list().stream().filter(name -> name.endsWith(".log"))).hasSizeGreaterThan(2);
        assertThat(crashes[0]).isGreaterThan(300);
    }

    /** A segment is written over one that is not needed any more, whose records are whole and right for where they are: none of them is ever taken for one of the new segment. */
    @Test
    void trap42WhatARecycledSegmentHeldBeforeNeverComesBack() throws IOException {
        int recycled = 0;
        try (SegmentedLog log = openLarger(disk)) {
            for (long index = 1; index <= 400; index++) {
                append(log, index);
                log.sync();
                if (index % 40 == 0) {
                    log.write(new WriteBatch(
                            index, null, new LogBase(index - 3, 1, false), WriteBatch.KEEP_ALL, List.of()));
                    log.sync();
                }
                SimDisk crashed = disk.copy();
                crashed.crash(index % 2 == 0 ? Survival.NOTHING : Survival.EVERYTHING);
                recycled += holdsForeignRecords(crashed, Mutation.lastSegment(crashed.list())) ? 1 : 0;
                try (SegmentedLog again = openLarger(crashed)) {
                    assertThat(again.recovered().lastIndex()).isEqualTo(index);
                    assertThat(again.recovered().promised().isNothing()).isTrue();
                    assertThat(again.recovered().salvage()).isEmpty();
                    assertThat(again.read(index, index, 10_000)).containsExactly(entry(index));
                }
            }
        }
        System.out.println(
                "DiskTrapsTest: " + recycled + " of 400 crashes met a last segment with records of its earlier life");
        assertThat(recycled).isGreaterThan(100);
    }

    private static SegmentedLog openLarger(Disk disk) throws IOException {
        return SegmentedLog.open(disk, ScriptRun.OWNER, ScriptRun.OPTIONS.withSegmentBytes(40 << 10));
    }

    /** Whether the file has more record headers than the log can have written to it: a header begins with the letters JREC (docs/log-format.md). */
    private static boolean holdsForeignRecords(SimDisk on, String segment) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(on.contents(segment));
        long previous = 0;
        for (int at = 8 << 10; at + 24 <= content.limit(); at += 8) {
            if (content.getInt(at) == 0x4a524543) {
                long sequence = content.getLong(at + 16);
                if (sequence < previous) {
                    return true;
                }
                previous = sequence;
            }
        }
        return false;
    }

    /** Whatever a damaged length says, nothing larger than a segment is asked of memory. */
    @Test
    void trap43NoLengthIsBelievedBeforeItIsChecked() throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            appendDurably(log, 1, 5);
        }
        String segment = Mutation.lastSegment(disk.list());
        byte[] content = disk.contents(segment);
        for (int at = 0; at + 4 <= content.length; at += at < 10_000 ? 4 : 60) {
            for (int value : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 28}) {
                SimDisk damaged = disk.copy();
                damaged.replace(
                        segment,
                        ByteBuffer.wrap(content.clone()).putInt(at, value).array());
                try (SegmentedLog log = ScriptRun.open(new Thrifty(damaged))) {
                    assertThat(log.recovered().lastIndex()).isLessThanOrEqualTo(5);
                } catch (CorruptLogException | StorageRefusedException e) {
                    assertThat(e).hasMessageContaining("sim");
                }
            }
        }
    }

    /** A disk that gives no more memory at once than a log of small segments may need. */
    private static final class Thrifty extends DiskWrapper {
        Thrifty(Disk real) {
            super(real);
        }

        @Override
        public ByteBuffer allocate(int bytes) {
            assertThat(bytes).isLessThanOrEqualTo(1 << 20);
            return super.allocate(bytes);
        }
    }

    @Test
    void trap44AFileIsOnlyAsDurableAsItsName() throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            appendDurably(log, 1, 60);
        }
        disk.crash(Survival.NOTHING);
        requireEntries(disk, 60);
    }

    /** Who checks this: without the synchronisation of the directory, whole segments are lost. */
    @Test
    void trap44WithoutTheDirectorySynchronisedFilesAreLost() throws IOException {
        try (SegmentedLog log = ScriptRun.open(new DiskWrapper(disk) {
            @Override
            public void sync() {
                // It forgets what it is for.
            }
        })) {
            appendDurably(log, 1, 60);
        }
        disk.crash(Survival.NOTHING);
        assertThat(disk.list()).isEmpty();
    }

    @Test
    void trap45WhileTheDiskHangsTheLogCanBeReadAndNothingIsAcknowledged() throws Exception {
        SegmentedLog log = ScriptRun.open(disk);
        appendDurably(log, 1, 3);
        disk.setHung(Set.of(DiskOperation.FORCE));
        append(log, 4);
        CompletableFuture<Void> synced = new CompletableFuture<>();
        Thread journal = new Thread(
                () -> {
                    try {
                        log.sync();
                        synced.complete(null);
                    } catch (IOException e) {
                        synced.completeExceptionally(e);
                    }
                },
                "journal");
        journal.setDaemon(true);
        journal.start();
        disk.awaitHanging();
        assertThat(log.read(1, 3, 10_000)).hasSize(3);
        assertThat(synced).isNotDone();
        disk.crash(Survival.NOTHING);
        assertThatThrownBy(synced::get).hasStackTraceContaining("hung until its process ended");
        disk.setHung(Set.of());
        requireEntries(disk, 3);
    }

    @Test
    void trap46AFullDiskAcknowledgesNothingAndLosesNothing() throws IOException {
        SegmentedLog log = ScriptRun.open(disk);
        appendDurably(log, 1, 10);
        disk.setFaults(Faults.fullFrom(disk.operations() + 1));
        assertThatThrownBy(() -> appendDurably(log, 11, 11)).hasMessageContaining("no space left on device");
        disk.setFaults(Faults.NONE);
        assertThatThrownBy(log::sync).hasMessageContaining("takes no more calls");
        disk.kill();
        long shown;
        try (SegmentedLog again = ScriptRun.open(disk)) {
            shown = again.recovered().lastIndex();
            assertThat(shown).isBetween(10L, 11L);
            appendDurably(again, shown + 1, 20);
        }
        disk.crash(Survival.NOTHING);
        requireEntries(disk, 20);
    }

    @Test
    void trap47AFolderThatWasMadeAnewHasAnotherNumber() throws IOException {
        long number;
        try (SegmentedLog log = ScriptRun.open(disk)) {
            number = log.incarnation();
        }
        try (SegmentedLog log = ScriptRun.open(disk)) {
            assertThat(log.incarnation()).isEqualTo(number).isNotZero();
        }
        SimDisk wiped = new SimDisk("sim");
        try (SegmentedLog log = SegmentedLog.open(wiped, ScriptRun.OWNER, ScriptRun.OPTIONS.deterministic(78))) {
            assertThat(log.incarnation()).isNotEqualTo(number);
        }
    }
}
