package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads pieces of the content of a snapshot as it is sent: of one file, or of a manifest and the files that it names. One thread. */
final class ContentReader {
    private final Disk disk;
    private final StoredSnapshot snapshot;

    ContentReader(Disk disk, StoredSnapshot snapshot) {
        this.disk = disk;
        this.snapshot = snapshot;
    }

    /** So many bytes of the content, all of which there are. */
    byte[] read(long offset, int length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(length);
        long here = snapshot.contentBytes();
        if (offset < here) {
            try (SnapshotReader reader = new SnapshotReader(disk, snapshot)) {
                piece.put(reader.read(offset, (int) Math.min(length, here - offset)));
            }
        }
        Manifest manifest = snapshot.manifest();
        while (manifest != null && piece.hasRemaining()) {
            long at = offset + piece.position();
            int number = manifest.partAt(at);
            try (PartReader reader = new PartReader(disk, manifest.parts().get(number))) {
                reader.read(at - manifest.startOf(number), piece);
            }
        }
        return piece.array();
    }
}
