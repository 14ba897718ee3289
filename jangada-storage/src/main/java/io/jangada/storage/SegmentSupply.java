package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes segment files, of spare ones or filled with zeros, durable before they get their name, so that writing into them changes no metadata, and
 * a file with a segment's name has a whole header at any moment (trap 41).
 *
 * <p>Used by the journal thread; the filling itself may run elsewhere.
 */
final class SegmentSupply implements Closeable {
    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final LogOptions options;
    private final SpareSegments spares;
    private @Nullable CompletableFuture<DiskFile> prepared;

    SegmentSupply(Disk disk, LogOptions options, SpareSegments spares) {
        this.disk = disk;
        this.options = options;
        this.spares = spares;
    }

    /** These segments never become spare ones: there are places in them that cannot be read. */
    void distrust(Set<Long> numbers) {
        spares.distrust(numbers);
    }

    /**
     * Begins to prepare the next file, unless that has been done, or there is no room for it: an attempt that fails ends the log, and there may be room again before the file is
     * needed (trap 46). Throws if that has failed already.
     */
    void prepare() throws IOException {
        if (prepared == null && spares.isEmpty() && disk.usableBytes() <= options.segmentBytes()) {
            return;
        }
        begin();
    }

    private void begin() throws IOException {
        if (prepared == null) {
            prepared = CompletableFuture.supplyAsync(this::fill, options.preparer());
        }
        if (prepared.isCompletedExceptionally()) {
            take();
        }
    }

    private DiskFile fill() {
        try {
            String spare = spares.take();
            if (spare != null) {
                disk.rename(spare, FileNames.NEXT_SEGMENT);
                disk.sync(); // it must not have its old name when it gets its next one
                return disk.openForBlocks(FileNames.NEXT_SEGMENT);
            }
            disk.create(FileNames.NEXT_SEGMENT).close();
            DiskFile file = disk.openForBlocks(FileNames.NEXT_SEGMENT);
            try {
                zero(file, 0, options.segmentBytes());
                file.force(true);
                return file;
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void zero(DiskFile file, long from, long to) throws IOException {
        ByteBuffer zeros = disk.allocate((int) Math.min(CHUNK_BYTES, to - from));
        for (long at = from; at < to; at += zeros.capacity()) {
            file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), to - at)), at);
        }
    }

    /** The capacity of a segment that must hold this many bytes of records. */
    long capacityFor(long recordBytes) throws IOException {
        long needed = RecordFormat.CURRENT.firstRecord() + recordBytes + Mark.ROOM;
        if (needed > SegmentHeader.MAX_CAPACITY) {
            throw new IOException("a record of " + recordBytes + " bytes is larger than any segment can be ("
                    + SegmentHeader.MAX_CAPACITY + " bytes); let clients propose smaller commands");
        }
        return Math.max(options.segmentBytes(), needed);
    }

    /** Creates the segment with this header, durably in content and name. What the log held before must be durable. */
    Segment create(SegmentHeader header) throws IOException {
        begin();
        DiskFile file = take();
        try {
            if (header.capacity() > options.segmentBytes()) {
                int inBlock = options.segmentBytes() % RecordFormat.BLOCK_BYTES;
                zero(file, options.segmentBytes() - inBlock, header.capacity());
            }
            writeHeader(disk, file, header);
            file.force(true);
            disk.rename(FileNames.NEXT_SEGMENT, FileNames.segment(header.number()));
            disk.sync();
            return new Segment(header, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Writes both copies of the header, each into a block of its own, and the whole block: a part of one that cannot be read cannot be written either. */
    static void writeHeader(Disk disk, DiskFile file, SegmentHeader header) throws IOException {
        ByteBuffer block = disk.allocate(RecordFormat.BLOCK_BYTES);
        header.encode(block);
        file.write(block.clear(), 0);
        file.write(block.clear(), SegmentHeader.COPY_AT);
    }

    private DiskFile take() throws IOException {
        CompletableFuture<DiskFile> ready = prepared;
        if (ready == null) {
            throw new IllegalStateException("no segment is being prepared");
        }
        prepared = null;
        try {
            return ready.join();
        } catch (CompletionException e) {
            throw new IOException("the next segment could not be prepared: " + e.getMessage(), e);
        }
    }

    /** Waits for a file in preparation and closes it; it stays behind and is deleted when the log is opened again. */
    @Override
    public void close() throws IOException {
        if (prepared != null) {
            take().close();
        }
    }
}
