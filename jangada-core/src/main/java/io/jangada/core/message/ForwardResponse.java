package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * What became of a {@link ForwardRequest}: appended at a position, which is no promise that it will be committed, or refused
 * before anything happened.
 */
public record ForwardResponse(
        NodeId from, NodeId to, long term, long requestId, ForwardOutcome outcome, long index, long entryTerm)
        implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onForwardResponse(this);
    }
}
