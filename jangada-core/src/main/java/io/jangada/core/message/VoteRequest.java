package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/** RequestVote (Figure 2): the sender stands for election in {@code term}. */
public record VoteRequest(NodeId from, NodeId to, long term, long lastLogIndex, long lastLogTerm) implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onVoteRequest(this);
    }
}
