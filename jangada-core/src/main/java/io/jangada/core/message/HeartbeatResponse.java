package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The answer to a {@link HeartbeatRequest}: "in this term, at this round, you were my leader". {@code lastLogIndex} is the last entry
 * received, durable or not: a hint for finding lost appends, never a promise.
 */
public record HeartbeatResponse(NodeId from, NodeId to, long term, long round, long lastLogIndex) implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onHeartbeatResponse(this);
    }
}
