package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The files of a snapshot that is arriving, in the order of its manifest: those that are here already are passed over. One thread. */
final class IncomingParts implements Closeable {
    private final Disk disk;
    private final SnapshotParts parts;
    private final Manifest manifest;
    /** The number of the file that is arriving, or how many there are. */
    private int next;

    private @Nullable PartWriter arriving;
    private long passedOver;

    IncomingParts(Disk disk, SnapshotParts parts, Manifest manifest) throws IOException {
        this.disk = disk;
        this.parts = parts;
        this.manifest = manifest;
        parts.hold(manifest);
        try {
            passOver();
        } catch (IOException | RuntimeException | Error e) {
            parts.release(manifest);
            throw e;
        }
    }

    Manifest manifest() {
        return manifest;
    }

    /** How many bytes of it were here already. */
    long passedOver() {
        return passedOver;
    }

    /** The first byte of the content that is not here. */
    long position() {
        PartWriter present = arriving;
        return manifest.startOf(next) + (present == null ? 0 : present.size());
    }

    /** Takes from a piece of the content, which begins at {@code offset}, what is not here. */
    void take(long offset, ByteBuffer piece) throws IOException {
        int begin = piece.position();
        for (PartWriter present = arriving; present != null && position() - offset < piece.limit() - begin; ) {
            piece.position((int) (begin + position() - offset));
            present.append(piece);
            if (present.isComplete()) {
                end(present);
                passOver();
            }
            present = arriving;
        }
    }

    private void end(PartWriter complete) throws IOException {
        arriving = null;
        try (complete) {
            complete.finish();
        }
        parts.adopt(FileNames.PART_INCOMING, manifest.parts().get(next));
        next++;
    }

    /** Goes on to the first file that is not here. */
    private void passOver() throws IOException {
        while (next < manifest.parts().size() && arriving == null) {
            SnapshotPart part = manifest.parts().get(next);
            if (parts.isIntact(part)) {
                passedOver += part.sizeBytes();
                next++;
                continue;
            }
            PartWriter writer = new PartWriter(disk, FileNames.PART_INCOMING, part);
            arriving = writer;
            if (writer.isComplete()) {
                end(writer); // An empty file, or all of it had arrived when an earlier process ended.
            }
        }
    }

    @Override
    public void close() throws IOException {
        PartWriter left = arriving;
        arriving = null;
        try {
            if (left != null) {
                left.close();
            }
        } finally {
            parts.release(manifest);
        }
    }
}
