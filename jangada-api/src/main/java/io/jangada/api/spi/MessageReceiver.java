package io.jangada.api.spi;

import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;

/** Takes what a {@link Transport} brings. Called on the transport's threads; never blocks. */
public interface MessageReceiver {

    /** Takes a message; whatever finds no room is dropped. */
    void receive(Message message);

    /** A new connection to this peer can carry messages; what was in flight on an older one is lost. */
    void peerConnected(NodeId peer);
}
