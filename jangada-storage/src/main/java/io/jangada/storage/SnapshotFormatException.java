package io.jangada.storage;

import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;

/** What is wrong with the bytes of a snapshot file, and where; who knows the file's name makes a {@link CorruptSnapshotException} of it. */
final class SnapshotFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long offset;

    SnapshotFormatException(long offset, String found) {
        super(found);
        this.offset = offset;
    }

    /** Reads as {@link DiskFile#read}; what the disk cannot read is damage like any other, and not the end of the disk. */
    static int read(DiskFile file, ByteBuffer target, long position) throws SnapshotFormatException {
        try {
            return file.read(target, position);
        } catch (IOException e) {
            SnapshotFormatException unreadable =
                    new SnapshotFormatException(position, "it cannot be read: " + e.getMessage());
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    CorruptSnapshotException in(String folder, String file) {
        CorruptSnapshotException corrupt =
                new CorruptSnapshotException(folder, file, offset, String.valueOf(getMessage()));
        corrupt.initCause(this);
        return corrupt;
    }
}
