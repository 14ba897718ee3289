package io.jangada.server.backup;

import java.io.IOException;
import java.io.Serial;

/** A file that is no backup, a damaged one, or one of a newer release. The message names the file and, where there is one, the offset. */
public final class BackupFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    BackupFormatException(String message) {
        super(message);
    }

    static BackupFormatException damaged(String file, long offset, String found) {
        return new BackupFormatException(
                "the backup " + file + " is damaged at offset " + offset + ": " + found + ". Use another copy of it");
    }
}
