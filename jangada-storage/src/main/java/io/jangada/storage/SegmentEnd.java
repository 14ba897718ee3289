package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The mark behind the last record of a segment whose successor exists: without it, the loss of the last file would go unseen. */
final class SegmentEnd {
    private SegmentEnd() {}

    /** Writes the mark at this offset, durably. The next segment must be durable in content and name. */
    static void write(Disk disk, Segment segment, long position, long nextSequence) throws IOException {
        ByteBuffer bytes = disk.allocate(RecordHeader.BYTES);
        RecordHeader.end(nextSequence, position)
                .encode(bytes, 0, segment.header().segmentId() + position);
        segment.file().write(bytes, position);
        segment.file().force(false);
    }
}
