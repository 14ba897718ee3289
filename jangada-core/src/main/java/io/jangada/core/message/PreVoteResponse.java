package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The answer to a {@link PreVoteRequest}. {@code term} repeats the term that was asked for; {@code currentTerm} is the
 * term of the answering node, which a refused asker that is behind adopts.
 */
public record PreVoteResponse(NodeId from, NodeId to, long term, long currentTerm, boolean granted) implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onPreVoteResponse(this);
    }
}
