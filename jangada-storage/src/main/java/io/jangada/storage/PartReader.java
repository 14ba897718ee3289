package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The open file of a part, read chunk by chunk, each checked every time. One thread. */
final class PartReader implements Closeable {
    private final String location;
    private final SnapshotPart part;
    private final DiskFile file;
    private final ByteBuffer window;

    PartReader(Disk disk, SnapshotPart part) throws IOException {
        this.location = disk.location();
        this.part = part;
        this.file = disk.open(part.fileName());
        this.window = ByteBuffer.allocate((int) Math.min(part.chunkBytes(), part.sizeBytes()));
    }

    /** The content of this chunk, good until the next call. */
    ByteBuffer chunk(int number) throws IOException {
        window.clear().limit(part.lengthOf(number));
        if (read(part.positionOf(number)) < window.limit()) {
            throw corrupt(number, "the file ends before its chunk does");
        }
        if (!part.isChunk(number, window.flip())) {
            throw corrupt(number, "the checksum of the chunk is wrong");
        }
        return window;
    }

    private int read(long position) throws CorruptSnapshotException {
        try {
            return SnapshotFormatException.read(file, window, position);
        } catch (SnapshotFormatException e) {
            throw e.in(location, part.fileName());
        }
    }

    /** Puts the content from here on into the target, as much as it takes or there is. */
    void read(long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining() && at < part.sizeBytes()) {
            ByteBuffer content = chunk((int) (at / part.chunkBytes()));
            content.position((int) (at % part.chunkBytes()));
            int count = Math.min(content.remaining(), target.remaining());
            target.put(content.limit(content.position() + count));
            at += count;
        }
    }

    /** Reads all of it; throws {@link CorruptSnapshotException} at the first chunk that is wrong. */
    void verify() throws IOException {
        for (int chunk = 0; chunk < part.chunks(); chunk++) {
            chunk(chunk);
        }
        if (file.size() != part.sizeBytes()) {
            throw corrupt(part.chunks(), "something follows the end of the content");
        }
    }

    private CorruptSnapshotException corrupt(int chunk, String found) {
        return new CorruptSnapshotException(location, part.fileName(), part.positionOf(chunk), found);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
