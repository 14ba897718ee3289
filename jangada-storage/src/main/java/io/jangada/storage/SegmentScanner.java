package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the records of one segment, in order, through a window of memory that grows only to the size of a checked record (trap 43). */
final class SegmentScanner {
    private static final int CONTENT =
            RecordHeader.HARD_STATE | RecordHeader.BASE | RecordHeader.RESET | RecordHeader.TRUNCATION;

    private final Disk disk;
    private final DiskFile file;
    private final long segmentId;
    private final long end;

    private ByteBuffer window;
    private long windowStart;
    private long position;
    private String defect = "";
    private int loadBytes;

    /** A scanner from this offset to the end; the window is the caller's memory, at least a record header large, and lent to the scanner. */
    SegmentScanner(Disk disk, DiskFile file, long segmentId, long start, long end, ByteBuffer window) {
        this.disk = disk;
        this.file = file;
        this.segmentId = segmentId;
        this.end = end;
        this.window = window.limit(0);
        this.windowStart = start;
        this.position = start;
        this.loadBytes = window.capacity();
    }

    /** Loads no more than this at once, unless a record is larger: for readers who want little. */
    void readAtMost(int bytes) {
        loadBytes = Math.min(window.capacity(), bytes);
    }

    /** Where the next record begins, or should. */
    long position() {
        return position;
    }

    /** Why {@link #next} has found no record. */
    String defect() {
        return defect;
    }

    /** The record at the position, and moves past it; null, and stays, if there is no intact one. */
    @Nullable
    ScannedRecord next() throws IOException {
        if (!load(RecordHeader.BYTES)) {
            return broken("the segment ends");
        }
        int at = (int) (position - windowStart);
        RecordHeader header = RecordHeader.decode(window, at, segmentId + position);
        if (header == null) {
            return broken(
                    window.getInt(at) == RecordHeader.MAGIC
                            ? "the checksum of a record header is wrong"
                            : "there is no record header");
        }
        if (!isPlausible(header)) {
            return broken("a record header has impossible values: " + header);
        }
        if (!load(header.size())) {
            return broken("a record is cut short: " + header);
        }
        at = (int) (position - windowStart);
        int bodyAt = at + RecordHeader.BYTES;
        if (Checksum.of(window, bodyAt, header.bodyLength()) != header.bodyChecksum()) {
            return broken("the checksum of a record body is wrong: " + header);
        }
        ScannedRecord record = new ScannedRecord(position, header, window.slice(bodyAt, header.bodyLength()));
        position += header.size();
        return record;
    }

    private @Nullable ScannedRecord broken(String why) {
        defect = why;
        return null;
    }

    private boolean isPlausible(RecordHeader header) {
        int prefix = RecordBody.prefixLength(header.flags());
        boolean knownFlags = header.isEnd() || (header.flags() & ~CONTENT) == 0;
        boolean resetsNothing = (header.flags() & (RecordHeader.BASE | RecordHeader.RESET)) == RecordHeader.RESET;
        return knownFlags
                && !resetsNothing
                && header.bodyLength() >= prefix
                && header.bodyLength() <= end - position - RecordHeader.BYTES
                && header.count() >= 0
                && (header.count() > 0) == (header.bodyLength() > prefix)
                && header.durable() <= position;
    }

    /** Brings this many bytes from the position on into the window; false if the segment has fewer. */
    private boolean load(int bytes) throws IOException {
        long offset = position - windowStart;
        if (offset + bytes <= window.limit()) {
            return true;
        }
        if (position + bytes > end) {
            return false;
        }
        if (window.capacity() < bytes) {
            window = disk.allocate(bytes);
        }
        window.clear().limit((int) Math.min(Math.max(loadBytes, bytes), end - position));
        int read = file.read(window, position);
        window.limit(read).position(0);
        windowStart = position;
        return read >= bytes;
    }
}
