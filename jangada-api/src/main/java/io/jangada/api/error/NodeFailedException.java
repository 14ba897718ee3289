package io.jangada.api.error;

/** The node has stopped because of the cause. The request was not taken; retry at another node, and repair this one. */
public final class NodeFailedException extends RaftException {
    private static final long serialVersionUID = 1L;

    public NodeFailedException(String message, Throwable cause) {
        super(message, true, cause);
    }
}
