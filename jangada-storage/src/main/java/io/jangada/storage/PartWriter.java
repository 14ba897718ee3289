package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A part that is arriving from another node, under a name that does not count. Each chunk is held against the manifest before it is written. One thread; after an exception the file must be deleted.
 *
 * <p>It is synchronised every few megabytes, so that the synchronisation at its end does not hold up those of the log.
 */
final class PartWriter implements Closeable {
    private static final int FORCE_EVERY_BYTES = 8 << 20;

    private final DiskFile file;
    private final SnapshotPart part;
    private final PartSums sums;
    private final ByteBuffer chunk;
    private int chunks;
    private long unforced;

    /** Begins with the file of this name, or goes on with what of this part an earlier process has left in it: all that is kept is written once more, since it may be on pages that a failed synchronisation has marked clean (trap 40). */
    PartWriter(Disk disk, String name, SnapshotPart part) throws IOException {
        boolean left = disk.list().contains(name);
        this.part = part;
        this.sums = new PartSums(part.chunkBytes());
        this.chunk = disk.allocate(part.chunkBytes());
        this.file = left ? disk.open(name) : disk.create(name);
        if (left) {
            try {
                takeWhatIsThere();
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        }
    }

    private void takeWhatIsThere() throws IOException {
        boolean intact = true;
        while (intact && chunks < part.chunks() && part.lengthOf(chunks) == part.chunkBytes()) {
            intact = isReadable() && part.isChunk(chunks, chunk.flip());
            if (intact) {
                writeChunk();
            }
        }
        chunk.clear();
        file.truncate(part.positionOf(chunks));
    }

    private boolean isReadable() {
        try {
            file.read(chunk.clear(), part.positionOf(chunks));
            return true;
        } catch (IOException e) {
            return false; // It is sent once more.
        }
    }

    /** The content so far. */
    long size() {
        return chunks == part.chunks() ? part.sizeBytes() : part.positionOf(chunks) + chunk.position();
    }

    boolean isComplete() {
        return chunks == part.chunks();
    }

    /** Takes from the source what this part still needs, as far as there is; throws {@link SnapshotFormatException} if that is not what the manifest says. */
    void append(ByteBuffer source) throws IOException {
        while (source.hasRemaining() && !isComplete()) {
            int wanted = part.lengthOf(chunks) - chunk.position();
            int count = Math.min(wanted, source.remaining());
            chunk.put(source.slice(source.position(), count));
            source.position(source.position() + count);
            if (count == wanted) {
                if (!part.isChunk(chunks, chunk.flip())) {
                    throw new SnapshotFormatException(
                            part.positionOf(chunks),
                            "what arrived of file " + part.name() + " is not what its manifest says");
                }
                writeChunk();
                chunk.clear();
            }
        }
    }

    private void writeChunk() throws IOException {
        sums.chunk(chunk);
        unforced += chunk.remaining();
        file.write(chunk, part.positionOf(chunks));
        chunks++;
        if (unforced >= FORCE_EVERY_BYTES) {
            file.force(false);
            unforced = 0;
        }
    }

    /** Makes all of it durable; throws {@link SnapshotFormatException} if its digest is not that of the manifest. */
    void finish() throws IOException {
        if (!sums.part(part.name()).digest().equals(part.digest())) {
            throw new SnapshotFormatException(0, "file " + part.name() + " has another digest than its manifest says");
        }
        file.force(true);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
