package io.jangada.testkit.sim;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;

/** Takes a learner's acknowledgement for that of a voter. */
final class FlatteringTransport implements Transport {
    private final Transport real;
    private Membership membership = Membership.NONE;

    FlatteringTransport(Transport real) {
        this.real = real;
    }

    @Override
    public void register(GroupId group, MessageReceiver receiver) {
        real.register(group, new MessageReceiver() {
            @Override
            public void receive(Message message) {
                receiver.receive(message);
                if (message instanceof AppendResponse m && m.success() && membership.isLearner(m.from())) {
                    for (NodeId voter : membership.voters()) {
                        receiver.receive(AppendResponse.matched(voter, m.to(), m.term(), m.matchIndex()));
                    }
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
    public void members(GroupId group, Membership present) {
        membership = present;
        real.members(group, present);
    }

    @Override
    public void close() {
        real.close();
    }
}
