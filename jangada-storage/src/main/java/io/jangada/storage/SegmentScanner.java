package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Reads the records of one segment, in order, through a window of memory that grows only to the size of a checked record (trap 43). */
final class SegmentScanner {
    private static final int CONTENT = RecordHeader.HARD_STATE
            | RecordHeader.BASE
            | RecordHeader.RESET
            | RecordHeader.TRUNCATION
            | RecordHeader.PROMISED
            | RecordHeader.ADOPT
            | RecordHeader.DROP
            | RecordHeader.SALVAGE
            | RecordHeader.FRESH_CUT;
    private static final int OLD_CONTENT =
            RecordHeader.HARD_STATE | RecordHeader.BASE | RecordHeader.RESET | RecordHeader.TRUNCATION;
    private static final int NO_RECORD = RecordHeader.END
            | RecordHeader.MARK
            | RecordHeader.PROMISED
            | RecordHeader.SALVAGE
            | RecordHeader.FRESH_CUT;

    private final Disk disk;
    private final DiskFile file;
    private final long segmentId;
    private final RecordFormat format;
    private final long end;

    private ByteBuffer window;
    private long windowStart;
    private long position;
    private String defect = "";
    private int loadBytes;
    private boolean patient;
    /** The numbers of the blocks that could not be read. What has a part in one is no record, even if zeros there are what it had: the disk may say something else the next time. */
    private final BitSet unreadable = new BitSet();

    /** A scanner of the records before this end; the window is the caller's memory, at least a record header large, and lent to the scanner. */
    SegmentScanner(Disk disk, DiskFile file, long segmentId, RecordFormat format, long end, ByteBuffer window) {
        this.disk = disk;
        this.file = file;
        this.segmentId = segmentId;
        this.format = format;
        this.end = end;
        this.window = window.limit(0);
        this.loadBytes = window.capacity();
        from(format.firstRecord());
    }

    /** Goes on at this offset. */
    SegmentScanner from(long offset) {
        window.limit(0);
        windowStart = offset;
        position = offset;
        return this;
    }

    /** Loads no more than this at once, unless a record is larger: for readers who want little. */
    void readAtMost(int bytes) {
        loadBytes = Math.min(window.capacity(), bytes);
    }

    /** Takes blocks that the disk cannot read for blocks of zeros, in which there is no record; reads whole blocks only. */
    SegmentScanner patiently() {
        patient = true;
        return this;
    }

    /** Where the next record begins, or should. */
    long position() {
        return position;
    }

    /** Why {@link #next} has found no record. */
    String defect() {
        return defect;
    }

    /** The record, mark or end at the position, and moves past it; null, and stays, if there is no intact one. */
    @Nullable
    ScannedRecord next() throws IOException {
        if (!load(format.headerBytes())) {
            return broken("the segment ends");
        }
        int at = (int) (position - windowStart);
        RecordHeader header = RecordHeader.decode(window, at, segmentId + position, format);
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
        int block = unreadable.nextSetBit((int) (position / RecordFormat.BLOCK_BYTES));
        if (block >= 0 && (long) block * RecordFormat.BLOCK_BYTES < position + header.size()) {
            return broken("a part of a record cannot be read: " + header);
        }
        at = (int) (position - windowStart);
        int bodyAt = at + format.headerBytes();
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

    /**
     * The first header from the position on that shows a record of this sequence number or a later one to have been written, whatever became of its body; the scanner
     * then stands before it. Null, and the scanner stands nowhere, if there is none.
     */
    @Nullable
    RecordHeader find(long sequence) throws IOException {
        while (load(format.headerBytes())) {
            int last = window.limit() - format.headerBytes();
            for (int at = (int) (position - windowStart); at <= last; at += RecordHeader.ALIGNMENT) {
                if (window.getInt(at) != RecordHeader.MAGIC) {
                    continue;
                }
                position = windowStart + at;
                RecordHeader header = RecordHeader.decode(window, at, segmentId + position, format);
                if (header != null && isPlausible(header) && header.lastSequence() >= sequence) {
                    return header;
                }
            }
            position = windowStart + (last & -RecordHeader.ALIGNMENT) + RecordHeader.ALIGNMENT;
        }
        return null;
    }

    /** Moves on from a place that holds no intact record, to look behind it. */
    void step() {
        position += RecordHeader.ALIGNMENT;
    }

    private boolean isPlausible(RecordHeader header) {
        int flags = header.flags();
        int prefix = RecordBody.prefixLength(flags);
        int allowed = format == RecordFormat.OLD ? OLD_CONTENT : CONTENT;
        boolean none = header.isEnd() || header.isMark();
        boolean knownFlags = none
                ? (flags & ~NO_RECORD) == 0 && (format == RecordFormat.CURRENT || flags == RecordHeader.END)
                : (flags & ~allowed) == 0;
        boolean resetsNothing = (flags & (RecordHeader.BASE | RecordHeader.RESET)) == RecordHeader.RESET;
        return knownFlags
                && !resetsNothing
                && header.sequence() >= 1
                && header.bodyLength() >= prefix
                && header.bodyLength() <= end - position - format.headerBytes()
                && header.count() >= 0
                && (header.count() > 0) == (header.bodyLength() > prefix)
                && !(none && header.count() > 0)
                && header.durable() <= position;
    }

    /**
     * Brings this many bytes from the position on into the window; false if the segment has fewer.
     *
     * <p>A patient window has whole blocks. If one ended inside a block, what is before that point could be read and pass for intact, and the next window could find the rest of the block to be
     * unreadable; and then whoever writes there writes zeros over all of it ({@link SegmentTail}).
     */
    private boolean load(int bytes) throws IOException {
        long offset = position - windowStart;
        if (offset + bytes <= window.limit()) {
            return true;
        }
        if (position + bytes > end) {
            return false;
        }
        long from = patient ? Mark.blockOf(position) : position;
        int needed = (int) (position - from) + bytes;
        long wanted = Math.max(loadBytes, needed);
        int most = (int) Math.min(patient ? Mark.blockFrom(wanted) : wanted, end - from);
        if (window.capacity() < most) {
            window = disk.allocate(most);
        }
        window.clear().limit(most);
        int read = patient ? readPatiently(from) : file.read(window, from);
        window.limit(read).position(0);
        windowStart = from;
        return read >= needed;
    }

    private int readPatiently(long from) throws IOException {
        int start = window.position();
        try {
            return file.read(window, from);
        } catch (IOException e) {
            return PatientReading.read(disk, file, window.position(start), from, unreadable);
        }
    }

    /** Whether something could not be read. */
    boolean hasMetUnreadable() {
        return !unreadable.isEmpty();
    }
}
