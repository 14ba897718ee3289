package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The place in a segment behind its last record, where a crash leaves its traces, and recovery and the end of the segment theirs. */
final class SegmentTail {
    private static final int CHUNK_BYTES = 256 << 10;

    private final Disk disk;
    private final DiskFile file;
    private final long segmentId;

    /** Bytes of a segment from one offset to another. */
    record Range(long from, long to) {}

    SegmentTail(Disk disk, DiskFile file, long segmentId) {
        this.disk = disk;
        this.file = file;
        this.segmentId = segmentId;
    }

    /**
     * Writes these intact records once more, and makes them durable.
     *
     * <p>They may be in the memory of the operating system only, on pages that a failed synchronisation has marked clean, so that another one would not write
     * them (trap 40).
     */
    void writeAgain(List<Range> records) throws IOException {
        for (Range range : records) {
            ByteBuffer chunk = disk.allocate((int) Math.min(CHUNK_BYTES, range.to() - range.from()));
            for (long at = range.from(); at < range.to(); at += chunk.capacity()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), range.to() - at));
                PatientReading.read(disk, file, chunk, at);
                writeBlocks(chunk.flip(), at);
            }
        }
        file.force(true);
    }

    /** As {@link #writeAgain}, with the mark that belongs behind them. */
    void settle(List<Range> records, Mark mark) throws IOException {
        if (!records.isEmpty()) {
            long from = mark.recordsEnd();
            ByteBuffer bytes = disk.allocate(Mark.ROOM);
            mark.encodeAtBlock(bytes, from, segmentId);
            file.write(bytes.flip(), from);
        }
        writeAgain(records);
    }

    /** Writes the end that belongs behind the last record, durably. The next segment must be durable in content and name. */
    void end(Mark mark) throws IOException {
        ByteBuffer bytes = disk.allocate(Mark.ROOM);
        mark.encodeEnd(bytes, segmentId);
        writeBlocks(bytes.flip(), mark.recordsEnd());
        file.force(false);
    }

    /** Writes these bytes at this offset, and the blocks around them as they are or as zeros: a part of a block that cannot be read cannot be written either. */
    private void writeBlocks(ByteBuffer bytes, long offset) throws IOException {
        long from = offset - offset % RecordFormat.BLOCK_BYTES;
        long to =
                Math.min(Mark.blockFrom(offset + bytes.remaining()), Math.max(file.size(), offset + bytes.remaining()));
        ByteBuffer blocks = disk.allocate((int) (to - from));
        PatientReading.read(disk, file, blocks, from);
        blocks.clear().position((int) (offset - from));
        blocks.put(bytes);
        file.write(blocks.clear(), from);
    }
}
