package io.jangada.api.error;

/** A limit of the node is reached. Nothing has happened; retry after a pause. */
public final class OverloadedException extends RaftException {
    private static final long serialVersionUID = 1L;

    /** Which kind of limit it is. */
    public enum Limit {
        /** As much unfinished work as is allowed. Passes by itself. */
        WORK,
        /** The room on the disk, of this node or of the leader. Passes when somebody makes room. */
        SPACE
    }

    private final Limit limit;

    public OverloadedException(String message) {
        this(Limit.WORK, message);
    }

    public OverloadedException(Limit limit, String message) {
        super(message, true);
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }
}
