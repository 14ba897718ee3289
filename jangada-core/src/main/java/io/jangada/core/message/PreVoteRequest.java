package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The question "would you vote for me in {@code term}?", asked before a term is spent (thesis §9.6). {@code term} is the term the
 * sender would stand in, one above its own; it changes nobody's term.
 */
public record PreVoteRequest(NodeId from, NodeId to, long term, long lastLogIndex, long lastLogTerm)
        implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onPreVoteRequest(this);
    }
}
