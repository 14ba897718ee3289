package io.jangada.core.message;

import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;

/** A membership change handed on to the leader. {@code requestId} as in {@link ForwardRequest}. */
public record ChangeRequest(NodeId from, NodeId to, long term, long requestId, MembershipChange change)
        implements Message {
    @Override
    public void accept(MessageHandler handler) {
        handler.onChangeRequest(this);
    }
}
