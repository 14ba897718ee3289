package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The answer to a {@link PreVoteRequest}. {@code term} repeats the term that was asked for; {@code currentTerm} is the
 * term of the answering node, which a refused asker that is behind adopts.
 *
 * @param doubtful as in {@link VoteResponse}
 */
public record PreVoteResponse(NodeId from, NodeId to, long term, long currentTerm, boolean granted, boolean doubtful)
        implements Message {

    /** The answer of a node that is in no doubt. */
    public PreVoteResponse(NodeId from, NodeId to, long term, long currentTerm, boolean granted) {
        this(from, to, term, currentTerm, granted, false);
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onPreVoteResponse(this);
    }
}
