package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A snapshot file that is being written, under a name that does not count. One thread; after an exception the file must be deleted.
 *
 * <p>It is synchronised every few megabytes, so that the synchronisation at its end does not hold up those of the log.
 */
final class SnapshotWriter implements Closeable {
    private static final int FORCE_EVERY_BYTES = 8 << 20;

    private final DiskFile file;
    private final SnapshotHeader header;
    private final SnapshotLayout layout;
    private final Fingerprint fingerprint = new Fingerprint();
    /** The checksum and the content of the chunk that is not full yet. */
    private final ByteBuffer chunk;

    private long chunks;
    private long unforced;

    private SnapshotWriter(Disk disk, DiskFile file, SnapshotHeader header, SnapshotLayout layout) {
        this.file = file;
        this.header = header;
        this.layout = layout;
        this.chunk = disk.allocate(SnapshotLayout.CHECKSUM_BYTES + layout.chunkBytes())
                .position(SnapshotLayout.CHECKSUM_BYTES);
    }

    /** Begins a file of this name, which must not exist. */
    static SnapshotWriter begin(Disk disk, String name, SnapshotHeader header) throws IOException {
        ByteBuffer encoded = header.encode();
        DiskFile file = disk.create(name);
        try {
            SnapshotWriter writer =
                    new SnapshotWriter(disk, file, header, SnapshotHeader.layoutOf(encoded, header.chunkBytes()));
            file.write(encoded, 0);
            return writer;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Goes on with a file that another process has left, behind its last chunk that is intact. All that is kept is written once more: it may be on pages
     * that a failed synchronisation has marked clean (trap 40).
     */
    static SnapshotWriter resume(Disk disk, String name) throws IOException {
        DiskFile file = disk.open(name);
        try {
            SnapshotHeader.Found found = SnapshotHeader.read(file);
            SnapshotWriter writer = new SnapshotWriter(disk, file, found.header(), found.layout());
            file.write(found.header().encode(), 0);
            writer.takeWhatIsThere(found.header().announcedHere());
            return writer;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void takeWhatIsThere(long announced) throws IOException {
        long fullChunks = announced / layout.chunkBytes();
        while (chunks < fullChunks && readChunk(layout.chunkBytes())) {
            fingerprint.update(chunk);
            writeChunk();
        }
        int rest = (int) (announced % layout.chunkBytes());
        boolean ended = chunks == fullChunks && rest > 0 && readChunk(rest);
        file.truncate(layout.position(chunks));
        // The last one, which is shorter, waits like one that has just arrived.
        chunk.clear().position(SnapshotLayout.CHECKSUM_BYTES + (ended ? rest : 0));
    }

    /** Reads the next chunk, of so much content; says whether it is there and intact. */
    private boolean readChunk(int length) throws IOException {
        chunk.clear().limit(SnapshotLayout.CHECKSUM_BYTES + length);
        boolean there = isReadable(layout.position(chunks)) && chunk.position() == chunk.limit();
        chunk.flip().position(Math.min(chunk.limit(), SnapshotLayout.CHECKSUM_BYTES));
        return there && chunk.getInt(0) == layout.checksum(chunks, chunk);
    }

    private boolean isReadable(long position) {
        try {
            file.read(chunk, position);
            return true;
        } catch (IOException e) {
            return false; // It is sent once more.
        }
    }

    /** The content so far. */
    long size() {
        return chunks * layout.chunkBytes() + chunk.position() - SnapshotLayout.CHECKSUM_BYTES;
    }

    SnapshotHeader header() {
        return header;
    }

    SnapshotLayout layout() {
        return layout;
    }

    void append(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, chunk.remaining());
            chunk.put(bytes, at, count);
            at += count;
            left -= count;
            if (!chunk.hasRemaining()) {
                endChunk();
            }
        }
    }

    private void endChunk() throws IOException {
        chunk.flip().position(SnapshotLayout.CHECKSUM_BYTES);
        fingerprint.update(chunk);
        chunk.putInt(0, layout.checksum(chunks, chunk));
        writeChunk();
        chunk.clear().position(SnapshotLayout.CHECKSUM_BYTES);
        if (unforced >= FORCE_EVERY_BYTES) {
            file.force(false);
            unforced = 0;
        }
    }

    private void writeChunk() throws IOException {
        unforced += chunk.limit();
        file.write(chunk.position(0), layout.position(chunks));
        chunks++;
    }

    /** Writes what is left and the trailer, and makes all of it durable. Nothing may be appended afterwards. */
    SnapshotMeta finish() throws IOException {
        long size = size();
        if (chunk.position() > SnapshotLayout.CHECKSUM_BYTES) {
            endChunk();
        }
        ByteBuffer trailer = ByteBuffer.allocate(SnapshotLayout.TRAILER_BYTES);
        layout.encodeTrailer(trailer, size, fingerprint.value());
        file.write(trailer, layout.trailerPosition(size));
        file.force(true);
        return header.meta(size, fingerprint.value());
    }

    /** A stream that appends; to close it changes nothing. */
    OutputStream stream() {
        return new OutputStream() {
            private final byte[] single = new byte[1];

            @Override
            public void write(int value) throws IOException {
                single[0] = (byte) value;
                append(single, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                append(bytes, from, length);
            }
        };
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
