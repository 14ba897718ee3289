package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A cut of the end of the log that is lost together with what was before it and what has followed: the mark behind them tells whether the log after it had been durable. */
class LostCutTest {
    private static final int RECORDS_FROM = 8 << 10;
    private static final int RECORDS_TO = 12 << 10;

    private final SimDisk disk = new SimDisk("sim");

    @Test
    void whatFollowedACutThatWasDurableIsMissingForCertain() throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            write(log, WriteBatch.KEEP_ALL, 1, entries(1, 10, 1));
            write(log, 5, 2, entries(6, 7, 2));
            write(log, WriteBatch.KEEP_ALL, 3, entries(8, 8, 2));
        }
        LogState found = withoutRecords();
        assertThat(new LogPosition(7, 2).isAfter(found.promised().certain()))
                .as("behind " + found.promised())
                .isFalse();
        assertThat(found.promised().possible()).isEqualTo(new LogPosition(8, 2));
    }

    @Test
    void whatFollowedACutOfTheLatestWriteMayBeMissing() throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            write(log, WriteBatch.KEEP_ALL, 1, entries(1, 10, 1));
            write(log, 5, 2, entries(6, 7, 2));
        }
        LogState found = withoutRecords();
        assertThat(found.promised().certain().index()).isZero();
        assertThat(found.promised().possible()).isEqualTo(new LogPosition(7, 2));
    }

    /** A log that has begun anew behind a snapshot has lost nothing by that which it still has to answer for, and all that it has acknowledged since. */
    @Test
    void whatFollowedAResetThatWasDurableIsMissingForCertain() throws IOException {
        try (SegmentedLog log = ScriptRun.open(disk)) {
            log.write(new WriteBatch(1, null, new LogBase(91, 8, true), WriteBatch.KEEP_ALL, List.of()));
            log.sync();
            write(log, WriteBatch.KEEP_ALL, 2, entries(92, 95, 8));
            write(log, WriteBatch.KEEP_ALL, 3, entries(96, 96, 8));
        }
        LogState found = withoutRecords();
        assertThat(new LogPosition(95, 8).isAfter(found.promised().certain()))
                .as("behind " + found.promised())
                .isFalse();
        assertThat(found.promised().possible()).isEqualTo(new LogPosition(96, 8));
    }

    private static void write(SegmentedLog log, long cutAfter, long sequence, List<Entry> entries) throws IOException {
        log.write(new WriteBatch(sequence, null, cutAfter, entries));
        log.sync();
    }

    private static List<Entry> entries(long from, long to, long term) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(index -> Entry.command(index, term, new byte[10]))
                .toList();
    }

    /** What is recovered of the log when the block with all of its records is lost. */
    private LogState withoutRecords() throws IOException {
        for (Sector sector : disk.sectors("0000000000000001.log")) {
            if (sector.offset() >= RECORDS_FROM && sector.offset() < RECORDS_TO) {
                disk.decay().zero(sector);
            }
        }
        try (SegmentedLog log = ScriptRun.open(disk)) {
            LogState found = log.recovered();
            assertThat(found.lastIndex()).isEqualTo(found.firstIndex() - 1);
            return found;
        }
    }
}
