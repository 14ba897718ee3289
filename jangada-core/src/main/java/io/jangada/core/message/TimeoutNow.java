package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/** The leader hands over: the receiver, whose log is complete, stands for election at once, without asking first (thesis §3.10). */
public record TimeoutNow(NodeId from, NodeId to, long term) implements Message {
    @Override
    public void accept(MessageHandler handler) {
        handler.onTimeoutNow(this);
    }
}
