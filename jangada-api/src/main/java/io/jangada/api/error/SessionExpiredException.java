package io.jangada.api.error;

import java.io.Serial;

/**
 * The client session has ended: nothing arrived from it for longer than its time to live, or it was closed. Open another one. What {@link #safeToRetry} says differs: a
 * command that was never taken has had no effect; of one that was sent before, with no answer, it is not known any more.
 */
public final class SessionExpiredException extends RaftException {
    @Serial
    private static final long serialVersionUID = 1L;

    public SessionExpiredException(String message, boolean safeToRetry) {
        super(message, safeToRetry);
    }
}
