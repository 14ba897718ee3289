package io.jangada.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The first failure of a log, after which nothing is promised any more (trap 40). Any thread. */
final class Poison {
    private final String location;
    private volatile @Nullable Throwable cause;

    Poison(String location) {
        this.location = location;
    }

    /** Throws if there has been a failure. */
    void check() throws IOException {
        Throwable first = cause;
        if (first != null) {
            throw new IOException(
                    "the log in " + location
                            + " has failed before and takes no more calls until it is opened again; its first failure: "
                            + first.getMessage(),
                    first);
        }
    }

    /** Remembers the failure unless there has been one before. */
    synchronized void by(Throwable failure) {
        if (cause == null) {
            cause = failure;
        }
    }
}
