package io.jangada.core.message;

import io.jangada.core.model.NodeId;
import java.util.Arrays;

/**
 * A proposal handed on to the leader by a follower.
 *
 * <p>{@code requestId} is the follower's own; its upper half names the follower's run (a number drawn at start), its lower
 * half counts upwards, so that a leader can tell a duplicate from a new request. The command array is shared, never copied.
 */
public final class ForwardRequest implements Message {
    private final NodeId from;
    private final NodeId to;
    private final long term;
    private final long requestId;
    private final byte[] command;

    public ForwardRequest(NodeId from, NodeId to, long term, long requestId, byte[] command) {
        this.from = from;
        this.to = to;
        this.term = term;
        this.requestId = requestId;
        this.command = command;
    }

    @Override
    public NodeId from() {
        return from;
    }

    @Override
    public NodeId to() {
        return to;
    }

    @Override
    public long term() {
        return term;
    }

    public long requestId() {
        return requestId;
    }

    /** The command itself, not a copy. */
    public byte[] command() {
        return command;
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onForwardRequest(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ForwardRequest that
                && from.equals(that.from)
                && to.equals(that.to)
                && term == that.term
                && requestId == that.requestId
                && Arrays.equals(command, that.command);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(requestId) * 31 + Long.hashCode(term);
    }

    @Override
    public String toString() {
        return "ForwardRequest[from=" + from + ", to=" + to + ", term=" + term + ", requestId="
                + Long.toHexString(requestId) + ", " + command.length + " B]";
    }
}
