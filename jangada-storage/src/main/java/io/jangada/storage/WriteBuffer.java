package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The end of a segment in memory: what is not written yet, and before it what the block in which that begins has already.
 *
 * <p>So every write is one of whole blocks: a part of one would have to be read before, which is slow, and fails in a recycled file at a place that cannot be read.
 */
final class WriteBuffer {
    private static final int INITIAL_BYTES = 64 << 10;
    /** So much room is kept behind the records that their mark goes out with them, and the rest of its block. */
    private static final int MARK_ROOM = 2 * RecordFormat.BLOCK_BYTES;

    private final Disk disk;
    private final int usualBytes;
    private ByteBuffer bytes;
    /** Where in the segment the first byte goes: the start of a block. */
    private long start;
    /** Up to where the segment has been handed to the disk. */
    private long written;

    /** A buffer that becomes larger than this only for something that is larger, and not for long. */
    WriteBuffer(Disk disk, int usualBytes) {
        this.disk = disk;
        this.usualBytes = usualBytes;
        this.bytes = disk.allocate(Math.min(INITIAL_BYTES, usualBytes) + MARK_ROOM);
    }

    /** Goes on at this offset of a segment. */
    void goOn(DiskFile file, long offset) throws IOException {
        begin(Mark.blockOf(offset));
        bytes.limit((int) (offset - start));
        PatientReading.read(disk, file, bytes, start);
        bytes.limit(bytes.capacity());
        written = offset;
    }

    /** Begins anew at this offset of another segment, where a block begins. */
    void begin(long offset) {
        bytes.clear();
        start = offset;
        written = offset;
    }

    /** What has been put into the buffer, with the position behind it. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Where in the segment the position is. */
    long end() {
        return start + bytes.position();
    }

    boolean hasUnwritten() {
        return end() != written;
    }

    /** Whether there is no room for so much more, and it would be more than is usually gathered. */
    boolean isFullWith(int more) {
        return !hasRoomFor(more) && bytes.position() + more > usualBytes;
    }

    private boolean hasRoomFor(int more) {
        return bytes.remaining() - MARK_ROOM >= more;
    }

    /** Makes room for this much and a mark behind it. */
    void reserve(int more) {
        if (hasRoomFor(more)) {
            return;
        }
        int needed = bytes.position() + more;
        long roomy = Math.min(2L * bytes.capacity(), usualBytes);
        bytes = disk.allocate((int) Math.max(needed, roomy) + MARK_ROOM).put(bytes.flip());
    }

    /** Writes what is in the buffer, with zeros up to where the block ends or the segment does, and goes on at this offset; what is behind that is written over next. */
    void write(DiskFile file, long goOnAt, long capacity) throws IOException {
        long end = end();
        Zeros.put(bytes, (int) (Math.min(Mark.blockFrom(end), capacity) - end));
        file.write(bytes.flip(), start);
        long block = Mark.blockOf(goOnAt);
        bytes.limit((int) (goOnAt - start)).position((int) (block - start));
        if (bytes.capacity() > usualBytes + MARK_ROOM) {
            bytes = disk.allocate(usualBytes + MARK_ROOM).put(bytes);
        } else {
            bytes.compact();
        }
        start = block;
        written = goOnAt;
    }
}
