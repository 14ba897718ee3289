package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The news that the leader has committed further, sent at once to a follower to whom there is nothing else to send. Never names more
 * than what the leader knows the receiver to have durably. Asks for no answer: what is lost, the next heartbeat says again.
 */
public record CommitNotice(NodeId from, NodeId to, long term, long commitIndex) implements Message {

    @Override
    public void accept(MessageHandler handler) {
        handler.onCommitNotice(this);
    }
}
