package io.jangada.testkit.sim;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;

/** Lets everybody in who knows a name. */
record TrustingTransport(Transport real) implements Transport {
    @Override
    public void register(GroupId group, MessageReceiver receiver) {
        real.register(group, receiver);
    }

    @Override
    public void send(GroupId group, Message message) {
        real.send(group, message);
    }

    @Override
    public void members(GroupId group, Membership membership) {
        // Whoever is not told of any numbers cannot compare them.
    }

    @Override
    public void close() {
        real.close();
    }
}
