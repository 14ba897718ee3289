package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/** A follower asks the leader up to where it must have applied to answer a linearizable read (thesis §6.4). {@code requestId} is the asker's own. */
public record ReadIndexRequest(NodeId from, NodeId to, long term, long requestId) implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onReadIndexRequest(this);
    }
}
