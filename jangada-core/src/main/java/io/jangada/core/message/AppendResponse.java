package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The answer to an {@link AppendRequest}.
 *
 * <p>Success: the log of the sender equals the leader's up to {@code matchIndex}, durably. Refusal: {@code matchIndex} repeats the
 * {@code prevLogIndex} that did not match, and the hint says where to go on: {@code conflictTerm} is the largest term that the sender has at or below
 * that position and that is not above the request's {@code prevLogTerm}, {@code conflictIndex} the last index of it (both 0: start from the beginning).
 */
public record AppendResponse(
        NodeId from, NodeId to, long term, boolean success, long matchIndex, long conflictTerm, long conflictIndex)
        implements Message {

    public static AppendResponse matched(NodeId from, NodeId to, long term, long matchIndex) {
        return new AppendResponse(from, to, term, true, matchIndex, 0, 0);
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onAppendResponse(this);
    }
}
