package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * RequestVote (Figure 2): the sender stands for election in {@code term}.
 *
 * @param transfer whether the leader itself asked the sender to stand: a reason to answer although that leader is live (thesis §3.10)
 */
public record VoteRequest(NodeId from, NodeId to, long term, long lastLogIndex, long lastLogTerm, boolean transfer)
        implements Message {
    /** A request of a node that stands of its own accord. */
    public VoteRequest(NodeId from, NodeId to, long term, long lastLogIndex, long lastLogTerm) {
        this(from, to, term, lastLogIndex, lastLogTerm, false);
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onVoteRequest(this);
    }
}
