package io.jangada.storage;

import java.io.IOException;
import java.io.Serial;

/**
 * A folder that this node must not use: that of another node or cluster, of a newer version, of something else altogether, or in use.
 *
 * <p>Nothing in the folder has been changed. The message names the folder, what was found, what was expected and what to do. Opening
 * again without a change gives the same answer, except where the folder was in use.
 */
public final class StorageRefusedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    StorageRefusedException(String folder, String found, String expected, String wayOut) {
        super("log folder " + folder + " refused: found " + found + "; expected " + expected + ". " + wayOut);
    }
}
