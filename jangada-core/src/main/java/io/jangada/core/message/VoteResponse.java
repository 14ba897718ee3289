package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The answer to a {@link VoteRequest}; a granted vote is durable before it is sent.
 *
 * @param doubtful whether the vote is that of a node that may have acknowledged entries which its damaged disk has lost and the candidate does not have; only if {@code granted}
 */
public record VoteResponse(NodeId from, NodeId to, long term, boolean granted, boolean doubtful) implements Message {

    /** The answer of a node that is in no doubt. */
    public VoteResponse(NodeId from, NodeId to, long term, boolean granted) {
        this(from, to, term, granted, false);
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onVoteResponse(this);
    }
}
