package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The end of the last segment, where a crash leaves its traces: decides between a torn write, which is cut, and damage, which is refused.
 *
 * <p>Whatever lies behind the last intact record was written after the last synchronisation that is proved by a record, or is
 * damaged. A record header anywhere behind the break settles it: it says up to which offset the segment had been durable when it
 * was written. Beyond the break: the break is in something that was durable once, and perhaps promised. Not beyond: it
 * belongs to the same unfinished synchronisation as the break.
 */
final class Tail {
    private static final int CHUNK_BYTES = 256 << 10;

    private final Disk disk;
    private final Segment segment;

    Tail(Disk disk, Segment segment) {
        this.disk = disk;
        this.segment = segment;
    }

    /** Throws if anything shows that what should be at this offset had been durable. */
    void refuseDamage(long breakAt, String defect) throws IOException {
        long end = segment.header().capacity();
        long at = breakAt + RecordHeader.ALIGNMENT;
        ByteBuffer window = disk.allocate((int) Math.min(CHUNK_BYTES, Math.max(RecordHeader.BYTES, end - breakAt)));
        while (at + RecordHeader.BYTES <= end) {
            window.clear().limit((int) Math.min(window.capacity(), end - at));
            int read = segment.file().read(window, at);
            int last = read - RecordHeader.BYTES;
            if (last < 0) {
                return;
            }
            int offset = 0;
            for (; offset <= last; offset += RecordHeader.ALIGNMENT) {
                if (window.getInt(offset) == RecordHeader.MAGIC) {
                    refuseIfLater(window, offset, at + offset, breakAt, defect);
                }
            }
            at += offset;
        }
    }

    private void refuseIfLater(ByteBuffer window, int offset, long position, long breakAt, String defect)
            throws IOException {
        RecordHeader header =
                RecordHeader.decode(window, offset, segment.header().segmentId() + position);
        if (header != null && header.durable() > breakAt) {
            throw new CorruptLogException(
                    disk.location(),
                    segment.name(),
                    breakAt,
                    defect + "; but the record at offset " + position + " was written when everything up to offset "
                            + header.durable() + " was durable");
        }
    }

    /**
     * Makes the segment what recovery has seen: cuts what lies behind {@code end} by zeros, so that nothing stale can ever look like
     * a record again, and makes the rest durable.
     *
     * <p>The records from {@code unproven} on are written once more. They may be in the memory of the operating system only, on
     * pages that a failed synchronisation has marked clean, so that another one would not write them (trap 40). Returns how many
     * bytes have been cut.
     */
    long settle(long unproven, long end) throws IOException {
        DiskFile file = segment.file();
        long capacity = segment.header().capacity();
        long used = Zeros.endOfData(disk, file, end, capacity);
        ByteBuffer chunk =
                disk.allocate((int) Math.min(CHUNK_BYTES, Math.max(1, Math.max(used - end, end - unproven))));
        for (long at = unproven; at < end; at += chunk.capacity()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
            file.read(chunk, at);
            file.write(chunk.flip(), at);
        }
        ByteBuffer zeros = disk.allocate(chunk.capacity());
        for (long at = end; at < used; at += zeros.capacity()) {
            file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), used - at)), at);
        }
        file.force(true);
        return used - end;
    }
}
