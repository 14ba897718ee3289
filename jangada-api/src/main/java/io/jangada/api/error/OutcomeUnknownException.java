package io.jangada.api.error;

import org.jspecify.annotations.Nullable;

/** The command may or may not take effect, now or later: leadership or the connection to it was lost, or time ran out. Retry only a command that may happen twice, or read first. */
public final class OutcomeUnknownException extends RaftException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(String message) {
        super(message, false);
    }

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, false, cause);
    }
}
