package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Salvage;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What recovery says is there can be read, and stays, although recovery writes to the same blocks and the disk reads worse at one time than at another. */
class RestartOnDamageTest {
    private static final String SEGMENT = "0000000000000001.log";
    private static final int RECORDS_FROM = 8 << 10;
    /** Of one entry of 500 bytes. */
    private static final int RECORD_BYTES = 672;

    private final SimDisk disk = new SimDisk("sim");

    /** The records of the last write are written again; those behind the damaged one are in the same block as those before it. */
    @Test
    void recordsOnBothSidesOfADamagedOneStay() throws IOException {
        try (SegmentedLog log = open()) {
            for (int index = 1; index <= 4; index++) {
                append(log, index, 500);
            }
            log.sync();
        }
        disk.decay().flipBit(SEGMENT, RECORDS_FROM + 2 * RECORD_BYTES + 200, 3); // in the third record
        for (int start = 0; start < 3; start++) {
            try (SegmentedLog log = open()) {
                assertThat(log.recovered().lastIndex()).isEqualTo(2);
                assertThat(log.recovered().salvage().stream().map(Salvage::firstIndex))
                        .containsExactly(4L);
                assertThat(log.read(1, 2, 10_000)).containsExactly(entry(1, 500), entry(2, 500));
                assertThat(log.read(4, 4, 10_000)).containsExactly(entry(4, 500));
            }
        }
    }

    /** A place that reads as zeros because it cannot be read would make the record whole, which it is not for a reader who reads less. */
    @Test
    void zerosForWhatCannotBeReadMakeNoRecord() throws IOException {
        try (SegmentedLog log = open()) {
            append(log, 1, 4_000);
            log.sync();
        }
        disk.decay().corrupt(new Sector(SEGMENT, RECORDS_FROM + (4 << 10)), new Random(1)); // the end of the record
        disk.decay().unreadable(new Sector(SEGMENT, RECORDS_FROM + (8 << 10) - SimDisk.SECTOR_BYTES));
        LogState found;
        try (SegmentedLog log = open()) {
            found = log.recovered();
        }
        assertThat(found.lastIndex()).isZero();
        assertThat(found.promised().possible().index()).isOne();
    }

    /** A snapshot was taken of entries behind the gap, so what is intact behind it became the log, and the log went on; then some of that was damaged, too. */
    @Test
    void whatABaseHasMadeTheLogMayBeDamagedLater() throws IOException {
        goOnBehindAGap();
        flipBitIn(6);
        for (int start = 0; start < 2; start++) {
            try (SegmentedLog log = open()) {
                assertThat(log.recovered().firstIndex()).isEqualTo(5);
                assertThat(log.recovered().lastIndex()).isEqualTo(5);
                // Entry 8 was the last one when the gap was found, entry 9 is now: nothing proves that they were
                // durable.
                assertThat(log.recovered().promised().certain().index()).isEqualTo(7);
                assertThat(log.recovered().promised().possible().index()).isEqualTo(9);
                assertSalvage(log, tuple(7L, 9L));
            }
        }
    }

    /** The same, and what could not be read when the log went on can be read now: it stays what the log had given up. */
    @Test
    void whatABaseHasMadeTheLogMayBeReadableAgainLater() throws IOException {
        write(8);
        byte[] intact = disk.contents(SEGMENT);
        flipBitIn(2);
        flipBitIn(7);
        try (SegmentedLog log = open()) {
            assertSalvage(log, tuple(3L, 6L), tuple(8L, 8L));
            log.write(new WriteBatch(
                    1,
                    null,
                    new LogBase(4, 1, false),
                    WriteBatch.KEEP_ALL,
                    List.of(Entry.command(7, 2, new byte[100]))));
            log.sync();
        }
        byte[] now = disk.contents(SEGMENT);
        System.arraycopy(intact, recordAt(7), now, recordAt(7), RECORD_BYTES);
        disk.replace(SEGMENT, now);
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().firstIndex()).isEqualTo(5);
            assertThat(log.recovered().lastIndex()).isEqualTo(7);
            assertThat(log.read(5, 7, 10_000))
                    .containsExactly(entry(5, 500), entry(6, 500), Entry.command(7, 2, new byte[100]));
        }
    }

    /** A gap is filled, and then what was before it is damaged: what had been intact behind the gap still is, in the log or not. */
    @Test
    void whatIsIntactStaysIfWhatIsBeforeItIsDamagedLater() throws IOException {
        write(8);
        flipBitIn(2);
        flipBitIn(4);
        try (SegmentedLog log = open()) {
            assertSalvage(log, tuple(3L, 3L), tuple(5L, 8L));
            log.write(new WriteBatch(
                    1, null, null, WriteBatch.KEEP_ALL, List.of(entry(2, 500)), null, WriteBatch.SalvageFate.ADOPT));
            log.sync();
        }
        flipBitIn(1);
        for (int start = 0; start < 2; start++) {
            try (SegmentedLog log = open()) {
                assertThat(log.recovered().lastIndex()).isZero();
                assertSalvage(log, tuple(2L, 3L), tuple(5L, 8L));
                assertThat(log.read(2, 3, 10_000)).containsExactly(entry(2, 500), entry(3, 500));
                assertThat(log.read(5, 6, 10_000)).containsExactly(entry(5, 500), entry(6, 500));
            }
        }
    }

    /** As before, but what was intact behind the second gap has been given up: only that is gone. */
    @Test
    void whatIsGivenUpBehindAGapIsNotWhatIsInTheLogBehindAnotherOne() throws IOException {
        write(8);
        flipBitIn(2);
        flipBitIn(4);
        try (SegmentedLog log = open()) {
            log.write(new WriteBatch(
                    1, null, null, WriteBatch.KEEP_ALL, List.of(entry(2, 500)), null, WriteBatch.SalvageFate.ADOPT));
            log.sync();
            List<Entry> others = List.of(Entry.command(4, 2, new byte[9]), Entry.command(5, 2, new byte[9]));
            log.write(new WriteBatch(2, null, null, WriteBatch.KEEP_ALL, others));
            log.sync();
        }
        flipBitIn(1);
        try (SegmentedLog log = open()) {
            assertSalvage(log, tuple(2L, 5L));
            assertThat(log.recovered().promised().possible()).isEqualTo(new LogPosition(5, 2));
            assertThat(log.recovered().promised().certain()).isEqualTo(new LogPosition(3, 1));
        }
    }

    private static void assertSalvage(SegmentedLog log, Tuple... parts) {
        assertThat(log.recovered().salvage())
                .extracting(Salvage::firstIndex, Salvage::lastIndex)
                .containsExactly(parts);
    }

    private void flipBitIn(int entry) throws IOException {
        disk.decay().flipBit(SEGMENT, recordAt(entry) + 200, 3);
    }

    /** Entries 3 to 8 are intact behind a gap; a base makes them the log, and entry 9 follows. */
    private void goOnBehindAGap() throws IOException {
        write(8);
        flipBitIn(2);
        try (SegmentedLog log = open()) {
            assertThat(log.recovered().lastIndex()).isEqualTo(1);
            log.write(new WriteBatch(1, null, new LogBase(4, 1, false), WriteBatch.KEEP_ALL, List.of(entry(9, 500))));
            log.sync();
        }
    }

    /** Each entry in a write of its own. */
    private void write(int entries) throws IOException {
        try (SegmentedLog log = open()) {
            for (int index = 1; index <= entries; index++) {
                append(log, index, 500);
                log.sync();
            }
        }
    }

    private static int recordAt(int index) {
        return RECORDS_FROM + (index - 1) * RECORD_BYTES;
    }

    private SegmentedLog open() throws IOException {
        return SegmentedLog.open(disk, ScriptRun.OWNER, ScriptRun.OPTIONS.withSegmentBytes(64 << 10));
    }

    private static void append(SegmentedLog log, long index, int bytes) throws IOException {
        log.write(new WriteBatch(index, null, WriteBatch.KEEP_ALL, List.of(entry(index, bytes))));
    }

    private static Entry entry(long index, int bytes) {
        return Entry.command(index, 1, new byte[bytes]);
    }
}
