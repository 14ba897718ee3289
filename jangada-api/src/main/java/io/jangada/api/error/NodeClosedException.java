package io.jangada.api.error;

/** The node was closed before the request was taken. Nothing has happened; retry at another node. */
public final class NodeClosedException extends RaftException {
    private static final long serialVersionUID = 1L;

    public NodeClosedException(String message) {
        super(message, true);
    }
}
