package io.jangada.storage;

import java.io.IOException;
import java.io.Serial;

/**
 * A log that has lost something it had promised to keep: at a start, when nothing tells what it was, or while it is read.
 *
 * <p>The node must not start on it, nor may anybody cut it by hand: what is gone may have been a vote or a committed entry. The
 * message names file and offset. Opening again gives the same answer, unless what was met while reading can be named: then the next start does
 * ({@link io.jangada.core.model.Promised}).
 */
public final class CorruptLogException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;

    CorruptLogException(String folder, String file, long offset, String found) {
        super("log file " + file + " in " + folder + " is damaged at offset " + offset + ": " + found
                + ". This is no torn write of a crash; what was lost may have been promised to others. Keep the folder, check the"
                + " disk, and restore this node from a copy of its folder, or remove it from the cluster and add a new node with"
                + " a new identity and an empty folder.");
        this.file = file;
        this.offset = offset;
    }

    /** The name of the damaged file within the folder. */
    public String file() {
        return file;
    }

    /** Where the first damage is, in bytes from the file's beginning. */
    public long offset() {
        return offset;
    }
}
