package io.jangada.api.spi;

import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;

/** Takes what a {@link Transport} brings. Called on the transport's threads; never blocks. */
public interface MessageReceiver {

    /** Takes a message; whatever finds no room is dropped. */
    void receive(Message message);

    /** A new connection to this peer can carry messages; what was in flight on an older one is lost. {@code incarnation} as the peer has said, 0 if it has not. */
    void peerConnected(NodeId peer, long incarnation);
}
