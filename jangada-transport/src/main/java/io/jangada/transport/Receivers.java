package io.jangada.transport;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.Frame;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who takes the messages of which group. Any thread. */
final class Receivers {
    private static final Logger LOG = LoggerFactory.getLogger(Receivers.class);

    private final Map<GroupId, MessageReceiver> byGroup = new ConcurrentHashMap<>();
    private final Counters counters;
    private final LogThrottle throttle;

    Receivers(Counters counters, LogThrottle throttle) {
        this.counters = counters;
        this.throttle = throttle;
    }

    void register(GroupId group, MessageReceiver receiver) {
        if (byGroup.putIfAbsent(group, receiver) != null) {
            throw new IllegalStateException("group " + group + " has a receiver already; a group has one");
        }
    }

    void deliver(Frame frame) {
        MessageReceiver receiver = byGroup.get(new GroupId(frame.group()));
        if (receiver == null) {
            counters.droppedNoReceiver.increment();
            return;
        }
        try {
            receiver.receive(frame.message());
        } catch (RuntimeException e) {
            failed("message " + frame.message(), e);
        }
    }

    Collection<MessageReceiver> all() {
        return byGroup.values();
    }

    void peerConnected(MessageReceiver receiver, NodeId peer, long incarnation) {
        try {
            receiver.peerConnected(peer, incarnation);
        } catch (RuntimeException e) {
            failed("new connection to node " + peer, e);
        }
    }

    /** A receiver that throws breaks its contract, but not the connection, which other groups share. */
    private void failed(String what, RuntimeException e) {
        counters.receiverFailures.increment();
        throttle.log(
                "receiver " + e,
                1,
                suffix -> LOG.error("a receiver failed on a {}; this is a bug in the receiver{}", what, suffix, e));
    }
}
