package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The sign of life of a leader. {@code round} numbers the rounds of one leader upwards; an answer to a round confirms
 * leadership at the time this round was sent, which is what reads and check-quorum rest on (thesis §6.4). {@code commitIndex} is how far
 * the leader has committed, but never beyond what it knows the receiver to have durably.
 */
public record HeartbeatRequest(NodeId from, NodeId to, long term, long round, long commitIndex) implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onHeartbeatRequest(this);
    }
}
