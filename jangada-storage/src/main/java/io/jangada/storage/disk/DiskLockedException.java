package io.jangada.storage.disk;

import java.io.IOException;
import java.io.Serial;

/** Somebody else holds the lock of this folder; the message says who, where that is known. */
public final class DiskLockedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public DiskLockedException(String message) {
        super(message);
    }
}
