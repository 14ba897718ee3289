package io.jangada.api.error;

/** A limit of the node is reached. Nothing has happened; retry after a pause. */
public final class OverloadedException extends RaftException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message, true);
    }
}
