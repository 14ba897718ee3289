package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Salvage;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What recovery says is there can be read, and stays, although recovery writes to the same blocks and the disk reads worse at one time than at another. */
class RestartOnDamageTest {
    private static final String SEGMENT = "0000000000000001.log";
    private static final int RECORDS_FROM = 8 << 10;

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
        disk.decay().flipBit(SEGMENT, RECORDS_FROM + 2 * 672 + 200, 3); // in the third record
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
