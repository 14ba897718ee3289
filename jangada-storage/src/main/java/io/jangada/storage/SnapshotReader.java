package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open snapshot file, read chunk by chunk, each checked every time. One thread. */
final class SnapshotReader implements Closeable {
    private final String location;
    private final StoredSnapshot snapshot;
    private final DiskFile file;
    private final ByteBuffer window;

    SnapshotReader(Disk disk, StoredSnapshot snapshot) throws IOException {
        this.location = disk.location();
        this.snapshot = snapshot;
        this.file = disk.open(snapshot.name());
        int room = (int) Math.min(snapshot.layout().chunkBytes(), snapshot.contentBytes());
        this.window = ByteBuffer.allocate(SnapshotLayout.CHECKSUM_BYTES + room);
    }

    StoredSnapshot snapshot() {
        return snapshot;
    }

    /** The content of this chunk, good until the next call. */
    ByteBuffer chunk(long number) throws IOException {
        SnapshotLayout layout = snapshot.layout();
        int length = layout.lengthOf(number, snapshot.contentBytes());
        window.clear().limit(SnapshotLayout.CHECKSUM_BYTES + length);
        long position = layout.position(number);
        if (read(position) < window.limit()) {
            throw corrupt(position, "the file ends here");
        }
        window.position(SnapshotLayout.CHECKSUM_BYTES);
        if (window.getInt(0) != layout.checksum(number, window)) {
            throw corrupt(position, "the checksum of the content is wrong");
        }
        return window;
    }

    private int read(long position) throws CorruptSnapshotException {
        try {
            return SnapshotFormatException.read(file, window, position);
        } catch (SnapshotFormatException e) {
            throw e.in(location, snapshot.name());
        }
    }

    /** So many bytes of the content, all of which there are. */
    byte[] read(long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        int chunkBytes = snapshot.layout().chunkBytes();
        int done = 0;
        while (done < length) {
            long at = offset + done;
            ByteBuffer content = chunk(at / chunkBytes);
            content.position(content.position() + (int) (at % chunkBytes));
            int count = Math.min(content.remaining(), length - done);
            content.get(bytes, done, count);
            done += count;
        }
        return bytes;
    }

    CorruptSnapshotException corrupt(long offset, String found) {
        return new CorruptSnapshotException(location, snapshot.name(), offset, found);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
