package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/** The answer to a {@link ReadIndexRequest}: the confirmed index, or a refusal after which asking again is safe. */
public record ReadIndexResponse(NodeId from, NodeId to, long term, long requestId, boolean confirmed, long readIndex)
        implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onReadIndexResponse(this);
    }
}
