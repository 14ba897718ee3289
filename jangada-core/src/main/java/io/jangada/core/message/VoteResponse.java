package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/** The answer to a {@link VoteRequest}; a granted vote is durable before it is sent. */
public record VoteResponse(NodeId from, NodeId to, long term, boolean granted) implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onVoteResponse(this);
    }
}
