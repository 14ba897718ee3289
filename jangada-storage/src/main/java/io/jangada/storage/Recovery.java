package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a log back from its segments, repairs what a crash may have left and refuses everything else.
 *
 * <p>Only the last segment can have an unfinished end: a segment is durable before its successor gets its name.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int WINDOW_BYTES = 1 << 20;

    private final Disk disk;
    private final FolderIdentity folder;
    private final Replay replay = new Replay();
    /** The record of the last segment after which the segment was known to be durable up to this offset. */
    private long durable = SegmentHeader.BYTES;

    Recovery(Disk disk, FolderIdentity folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /** An open log: what it holds, its first segment, and the segment and offset where it goes on. All of it is durable. */
    record Recovered(Replay replay, long firstSegment, Segment last, long end) {}

    Recovered run() throws IOException {
        List<SegmentHeader> headers = new ArrayList<>();
        List<String> all = FileNames.segmentsIn(disk.list());
        List<String> names = lastUnbrokenRun(all);
        for (String name : names) {
            headers.add(header(name, FileNames.numberOf(name)));
        }
        if (headers.isEmpty()) {
            throw corrupt(FileNames.segment(1), 0, "the file is missing");
        }
        if (headers.get(0).number() > 1) {
            replay.beginAt(headers.get(0));
        }
        for (int i = 0; i + 1 < headers.size(); i++) {
            readSealed(headers.get(i), headers.get(i + 1), i + 2 == headers.size());
        }
        Recovered recovered = readLast(headers.get(0), headers.get(headers.size() - 1));
        for (String leftover : all.subList(0, all.size() - names.size())) {
            disk.delete(leftover);
        }
        disk.sync();
        return recovered;
    }

    /** What lies before a gap was to be deleted together with what is missing, if {@link #requireBeginning} finds nothing wrong. */
    private static List<String> lastUnbrokenRun(List<String> names) {
        int first = Math.max(0, names.size() - 1);
        while (first > 0 && FileNames.numberOf(names.get(first - 1)) == FileNames.numberOf(names.get(first)) - 1) {
            first--;
        }
        return names.subList(first, names.size());
    }

    /** Segments before the first may be missing only if the log begins in it or behind it. */
    private void requireBeginning(SegmentHeader first) throws IOException {
        boolean neverCompacted = replay.baseIndex() == 0;
        if (first.number() > 1 && (neverCompacted || !replay.isWhole())) {
            throw corrupt(
                    FileNames.segment(first.number() - 1),
                    0,
                    "the file is missing, though there is " + FileNames.segment(first.number())
                            + " and the log needs what was before it");
        }
    }

    private SegmentHeader header(String name, long number) throws IOException {
        try (DiskFile file = disk.open(name)) {
            ByteBuffer bytes = disk.allocate(SegmentHeader.BYTES);
            if (file.read(bytes, 0) < SegmentHeader.BYTES) {
                throw corrupt(name, file.size(), "the file ends within its header");
            }
            String defect = SegmentHeader.defectOf(bytes);
            if (!defect.isEmpty()) {
                throw corrupt(name, 0, defect);
            }
            SegmentHeader header = SegmentHeader.decode(bytes);
            if (header.number() != number
                    || header.segmentId() != folder.segmentId(number)
                    || !header.owner().equals(folder.owner())) {
                throw corrupt(
                        name, 0, "this is segment " + header.number() + " of another log, that of " + header.owner());
            }
            if (file.size() != header.capacity()) {
                throw corrupt(
                        name,
                        Math.min(file.size(), header.capacity()),
                        "the file has " + file.size() + " bytes, but was made with " + header.capacity());
            }
            return header;
        }
    }

    private void readSealed(SegmentHeader header, SegmentHeader next, boolean beforeLast) throws IOException {
        try (DiskFile file = disk.open(FileNames.segment(header.number()))) {
            Segment segment = new Segment(header, file);
            SegmentScanner scanner = begin(segment);
            while (replay.nextSequence() < next.firstSequence()) {
                ScannedRecord record = scanner.next();
                if (record == null) {
                    throw corrupt(
                            segment.name(),
                            scanner.position(),
                            scanner.defect() + "; the records up to " + (next.firstSequence() - 1) + " should be here");
                }
                apply(segment, record);
            }
            long end = scanner.position();
            ScannedRecord behind = scanner.next();
            if (behind != null && !behind.header().isEnd()) {
                throw corrupt(segment.name(), end, "the segment goes on where the next one should: " + behind.header());
            }
            if (behind == null && beforeLast) {
                SegmentEnd.write(disk, segment, end, next.firstSequence());
            }
        }
    }

    private SegmentScanner begin(Segment segment) throws IOException {
        SegmentHeader header = segment.header();
        String contradiction = replay.contradictionIn(header);
        if (!contradiction.isEmpty()) {
            throw corrupt(segment.name(), 0, contradiction);
        }
        ByteBuffer window = disk.allocate((int) Math.min(WINDOW_BYTES, header.capacity()));
        return new SegmentScanner(
                disk, segment.file(), header.segmentId(), SegmentHeader.BYTES, header.capacity(), window);
    }

    private void apply(Segment segment, ScannedRecord record) throws IOException {
        String contradiction = record.header().isEnd()
                ? "the segment ends before its last record"
                : replay.apply(segment.header().number(), record);
        if (!contradiction.isEmpty()) {
            throw corrupt(segment.name(), record.position(), contradiction);
        }
    }

    private Recovered readLast(SegmentHeader first, SegmentHeader header) throws IOException {
        DiskFile file = disk.open(FileNames.segment(header.number()));
        try {
            Segment segment = new Segment(header, file);
            SegmentScanner scanner = begin(segment);
            for (ScannedRecord record = scanner.next(); record != null; record = scanner.next()) {
                if (record.header().isEnd()) {
                    throw corrupt(
                            FileNames.segment(header.number() + 1),
                            0,
                            "the file is missing; " + segment.name() + " says that it has been there");
                }
                apply(segment, record);
                durable = record.header().durable();
            }
            long end = scanner.position();
            Tail tail = new Tail(disk, segment);
            tail.refuseDamage(end, scanner.defect());
            requireBeginning(first);
            long cut = tail.settle(durable, end);
            if (cut > 0) {
                LOG.info(
                        "{} in {}: cut {} bytes of an unfinished write at offset {} ({})",
                        segment.name(),
                        disk.location(),
                        cut,
                        end,
                        scanner.defect());
            }
            return new Recovered(replay, first.number(), segment, end);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private CorruptLogException corrupt(String file, long offset, String found) {
        return new CorruptLogException(disk.location(), file, offset, found);
    }
}
