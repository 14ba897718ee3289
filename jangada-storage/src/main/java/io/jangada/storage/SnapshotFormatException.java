package io.jangada.storage;

import java.io.IOException;
import java.io.Serial;

/** What is wrong with the bytes of a snapshot file, and where; who knows the file's name makes a {@link CorruptSnapshotException} of it. */
final class SnapshotFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long offset;

    SnapshotFormatException(long offset, String found) {
        super(found);
        this.offset = offset;
    }

    CorruptSnapshotException in(String folder, String file) {
        CorruptSnapshotException corrupt =
                new CorruptSnapshotException(folder, file, offset, String.valueOf(getMessage()));
        corrupt.initCause(this);
        return corrupt;
    }
}
