package io.jangada.testkit.sim;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import org.jspecify.annotations.Nullable;

/** Hears other messages than were sent. */
record MishearingTransport(Transport real, Change change) implements Transport {

    /** What is heard instead; null if nothing is. */
    interface Change {
        @Nullable
        Message heard(Message sent);
    }

    @Override
    public void register(GroupId group, MessageReceiver receiver) {
        real.register(group, new MessageReceiver() {
            @Override
            public void receive(Message message) {
                Message heard = change.heard(message);
                if (heard != null) {
                    receiver.receive(heard);
                }
            }

            @Override
            public void peerConnected(NodeId peer, long incarnation) {
                receiver.peerConnected(peer, incarnation);
            }
        });
    }

    @Override
    public void send(GroupId group, Message message) {
        real.send(group, message);
    }

    @Override
    public void close() {
        real.close();
    }

    @Override
    public void members(GroupId group, Membership membership) {
        real.members(group, membership);
    }
}
