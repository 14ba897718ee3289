package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The answer to an {@link AppendRequest}.
 *
 * <p>Success: the log of the sender equals the leader's up to {@code matchIndex}, durably. Refusal: {@code matchIndex} repeats the
 * {@code prevLogIndex} that did not match, and the hint says where to go on: {@code conflictTerm} is the largest term that the sender has at or below
 * that position and that is not above the request's {@code prevLogTerm}, {@code conflictIndex} the last index of it (both 0: start from the beginning).
 *
 * @param lost whether the sender refuses because its damaged disk has lost entries that it had acknowledged: what it said before of its log does not hold any more
 */
public record AppendResponse(
        NodeId from,
        NodeId to,
        long term,
        boolean success,
        long matchIndex,
        long conflictTerm,
        long conflictIndex,
        boolean lost)
        implements Message {

    public static AppendResponse matched(NodeId from, NodeId to, long term, long matchIndex) {
        return new AppendResponse(from, to, term, true, matchIndex, 0, 0, false);
    }

    /** A refusal by a node that has lost nothing. */
    public static AppendResponse refused(
            NodeId from, NodeId to, long term, long prevLogIndex, long conflictTerm, long conflictIndex) {
        return new AppendResponse(from, to, term, false, prevLogIndex, conflictTerm, conflictIndex, false);
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onAppendResponse(this);
    }
}
