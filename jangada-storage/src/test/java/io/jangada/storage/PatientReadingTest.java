package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of which one sector, an eighth of a block, cannot be read: the whole block counts as lost, wherever the reading begins and ends. */
final class PatientReadingTest {
    private static final int SECTOR = 512;
    private static final int BLOCK = RecordFormat.BLOCK_BYTES;
    private static final int ENTRIES = 40;
    private static final int[] WINDOWS = {100, 700, 3_000, 4_096, 5_000, 6_300, 8_192, 9_777, 13_001, 40_000};

    private final Path folder;

    PatientReadingTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Where a record is. */
    private record Place(long from, long to) {
        boolean touchesBlock(long block) {
            return from < block + BLOCK && to > block;
        }
    }

    @Test
    void whatCannotBeReadIsZerosInItsBlockAndNothingElseIs() throws IOException {
        byte[] content = new byte[5 * BLOCK + 1_234];
        new Random(3).nextBytes(content);
        try (DiskFile file = RealDisk.open(folder).create("file")) {
            file.write(ByteBuffer.wrap(content), 0);
        }
        Random random = new Random(4);
        for (int round = 0; round < 5_000; round++) {
            int bad = random.nextInt(content.length / SECTOR) * SECTOR;
            int from = random.nextInt(content.length);
            int length = 1 + random.nextInt(3 * BLOCK);
            int to = Math.min(content.length, from + length);
            byte[] expected = Arrays.copyOfRange(content, from, to);
            BitSet expectedLost = new BitSet();
            if (from < bad + SECTOR && to > bad) {
                int block = bad / BLOCK;
                expectedLost.set(block);
                Arrays.fill(
                        expected, Math.max(0, block * BLOCK - from), Math.min(to, (block + 1) * BLOCK) - from, (byte)
                                0);
            }
            ByteBuffer target = ByteBuffer.allocate(length);
            BitSet lost = new BitSet();
            Disk disk = new UnreadableDisk(RealDisk.open(folder), "file", bad, SECTOR);
            try (DiskFile file = disk.open("file")) {
                assertThat(PatientReading.read(disk, file, target, from, lost)).isEqualTo(expected.length);
            }
            assertThat(target.position()).isEqualTo(expected.length);
            assertThat(Arrays.copyOf(target.array(), expected.length))
                    .as("%d to %d with %d unreadable", from, to, bad)
                    .isEqualTo(expected);
            assertThat(lost).isEqualTo(expectedLost);
        }
    }

    /** What is written into such a block later writes zeros over the rest of it: so a record there must not have passed for intact. */
    @Test
    void noRecordInABadBlockIsTakenForIntactWhereverAWindowEnds() throws IOException {
        writeLog();
        Disk intact = RealDisk.open(folder);
        List<Place> all = scan(intact, 40_000);
        assertThat(all).hasSize(ENTRIES);
        long first = all.get(0).from();
        long end = all.get(ENTRIES - 1).to();
        for (long bad = first; bad < end; bad += SECTOR) {
            long block = bad - bad % BLOCK;
            List<Place> expected =
                    all.stream().filter(place -> !place.touchesBlock(block)).toList();
            for (int window : WINDOWS) {
                Disk disk = new UnreadableDisk(intact, FileNames.segment(1), bad, SECTOR);
                assertThat(scan(disk, window))
                        .as("sector at %d, window of %d", bad, window)
                        .isEqualTo(expected);
            }
        }
    }

    private void writeLog() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(RealDisk.open(folder), DamagedLog.OWNER, DamagedLog.OPTIONS)) {
            for (int index = 1; index <= ENTRIES; index++) {
                Entry entry = Entry.command(index, 1, new byte[300 + index]);
                HardState state = index == 1 ? new HardState(1, NodeId.of(2)) : null;
                log.write(new WriteBatch(index, state, WriteBatch.KEEP_ALL, List.of(entry)));
                log.sync();
            }
        }
    }

    /** The intact records of the first segment, found as recovery finds them. */
    private static List<Place> scan(Disk disk, int windowBytes) throws IOException {
        FoundSegment segment = FoundSegment.in(disk, FolderIdentity.load(disk)).get(0);
        List<Place> found = new ArrayList<>();
        long sequence = 0;
        try (DiskFile file = disk.open(segment.name())) {
            SegmentScanner scanner = new SegmentScanner(
                            disk,
                            file,
                            segment.segmentId(),
                            segment.format(),
                            segment.end(),
                            disk.allocate(windowBytes))
                    .patiently();
            while (true) {
                ScannedRecord record = scanner.next();
                if (record == null) {
                    RecordHeader header = scanner.find(sequence + 1);
                    if (header == null) {
                        return found;
                    }
                    long at = scanner.position();
                    record = scanner.next();
                    if (record == null) {
                        scanner.from(Math.min(at + header.size(), segment.end()));
                        continue;
                    }
                }
                RecordHeader header = record.header();
                sequence = Math.max(sequence, header.lastSequence());
                if (!header.isMark() && !header.isEnd()) {
                    found.add(new Place(record.position(), record.position() + header.size()));
                }
            }
        }
    }
}
