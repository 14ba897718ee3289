package io.jangada.api.error;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No snapshot was taken; the message says why. The log is whole, the node goes on, and asking again is safe. */
public final class SnapshotFailedException extends RaftException {
    @Serial
    private static final long serialVersionUID = 1L;

    public SnapshotFailedException(String message, @Nullable Throwable cause) {
        super(message, true, cause);
    }
}
