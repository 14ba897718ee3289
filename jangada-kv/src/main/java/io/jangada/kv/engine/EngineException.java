package io.jangada.kv.engine;

import org.jspecify.annotations.Nullable;

/** The storage failed or holds what this program cannot use. Never retried: the node stops and says why. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
