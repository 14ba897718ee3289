package io.jangada.api.error;

import org.jspecify.annotations.Nullable;

/** How a request ended that did not succeed. */
public abstract sealed class RaftException extends RuntimeException
        permits NotLeaderException,
                OverloadedException,
                CommandTooLargeException,
                OutcomeUnknownException,
                ReadTimeoutException,
                ChangeRefusedException,
                TransferFailedException,
                SnapshotFailedException,
                SessionExpiredException,
                NodeClosedException,
                NodeFailedException {
    private static final long serialVersionUID = 1L;

    private final boolean safeToRetry;

    RaftException(String message, boolean safeToRetry) {
        this(message, safeToRetry, null);
    }

    RaftException(String message, boolean safeToRetry, @Nullable Throwable cause) {
        super(message, cause);
        this.safeToRetry = safeToRetry;
    }

    /** Whether the request has certainly had no effect, so that repeating it, here or elsewhere, cannot make it happen twice. */
    public final boolean safeToRetry() {
        return safeToRetry;
    }
}
