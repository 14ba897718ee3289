package io.jangada.storage;

import java.io.IOException;
import java.io.Serial;

/**
 * A snapshot file whose content is not what was written: a checksum fails, or something in it contradicts the rest.
 *
 * <p>The message names file and offset. Reading again gives the same answer. Another snapshot, of this node or of the leader, replaces it.
 */
public final class CorruptSnapshotException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String file;

    CorruptSnapshotException(String folder, String file, long offset, String found) {
        this("snapshot file " + file + " in " + folder + " is damaged at offset " + offset + ": " + found, file);
    }

    private CorruptSnapshotException(String message, String file) {
        super(message);
        this.file = file;
    }

    /** The same damage, where nothing can take the place of this snapshot. */
    CorruptSnapshotException withoutReplacement(String why) {
        CorruptSnapshotException refused = new CorruptSnapshotException(
                getMessage() + ". " + why
                        + " Keep the folder, check the disk, and restore this node from a copy of its folder, or remove it from the"
                        + " cluster and add a new node with a new identity and an empty folder.",
                file);
        refused.initCause(this);
        return refused;
    }

    /** The name of the damaged file within the folder. */
    public String file() {
        return file;
    }
}
