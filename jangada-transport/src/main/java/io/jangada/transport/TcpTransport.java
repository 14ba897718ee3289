package io.jangada.transport;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;
import io.jangada.transport.wire.OutgoingFrame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport over TCP: one connection to each peer for what this node says, one from each peer for what it hears, and beside them one for
 * snapshots while there are some.
 *
 * <p>Messages to one peer arrive in the order in which they were sent, as long as its connection lives; a message that finds no
 * connection, or a full queue, is dropped and counted. Connections are opened at start and again, with growing pauses, whenever they break;
 * whoever does not belong here is refused. Members come and go with {@link #members}; a node that is none is answered for as long as it speaks. The bytes are described in {@code docs/wire-format.md}. Any thread.
 */
public final class TcpTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);

    private final TransportContext context;
    private final Peers peers;
    private final IncomingConnections incoming;
    private final InetSocketAddress localAddress;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TcpTransport(
            TransportContext context, Peers peers, IncomingConnections incoming, InetSocketAddress localAddress) {
        this.context = context;
        this.peers = peers;
        this.incoming = incoming;
        this.localAddress = localAddress;
    }

    /**
     * Listens, and begins to connect to the peers.
     *
     * @throws IOException if the listen address cannot be used; the message names it and the way out. Nothing is left running then.
     */
    public static TcpTransport start(TransportConfig config) throws IOException {
        return start(config, NetThreads.epollAvailable());
    }

    /** With a choice of the kind of sockets, so that tests can see both at work. */
    static TcpTransport start(TransportConfig config, boolean epoll) throws IOException {
        Counters counters = new Counters();
        LogThrottle throttle = new LogThrottle(System::nanoTime);
        TransportContext context = new TransportContext(
                config,
                new NetThreads(config.self(), config.ioThreads(), epoll),
                new Receivers(counters, throttle),
                counters,
                throttle,
                new Roster(config, throttle),
                new AddressLookup(config.self()));
        Peers peers = new Peers(context);
        IncomingConnections incoming = new IncomingConnections(context, peers);
        InetSocketAddress localAddress;
        try {
            localAddress = incoming.listen();
        } catch (IOException e) {
            context.threads().close();
            throw e;
        }
        LOG.info("node {} of cluster {} listens for peers on {}", config.self(), config.cluster(), localAddress);
        peers.start(config.addressForPeers(localAddress));
        return new TcpTransport(context, peers, incoming, localAddress);
    }

    /** Where this node really listens: the configured address, with a real port where that was 0. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** What has been carried, dropped and refused so far. */
    public TransportStats stats() {
        return context.counters().snapshot();
    }

    /** Besides what the port demands: the receiver is told at once of every peer that is connected already. */
    @Override
    public void register(GroupId group, MessageReceiver receiver) {
        context.receivers().register(group, receiver);
        if (!closed.get()) {
            peers.introduce(receiver);
        }
    }

    @Override
    public void send(GroupId group, Message message) {
        if (!message.from().equals(context.config().self())) {
            throw new IllegalArgumentException(
                    "node " + context.config().self() + " cannot send in another's name: " + message);
        }
        PeerLink link = peers.find(message.to());
        if (link == null || closed.get()) {
            context.counters().droppedNotConnected.increment();
            return;
        }
        OutgoingFrame frame;
        try {
            frame = OutgoingFrame.of(group, message);
        } catch (IllegalArgumentException e) {
            dropUnencodable(message, e);
            return;
        }
        if (frame.size() > context.config().limits().maxFrameBytes()) {
            dropTooLarge(frame);
            return;
        }
        link.send(frame);
    }

    private void dropUnencodable(Message message, IllegalArgumentException why) {
        context.counters().droppedTooLarge.increment();
        context.throttle()
                .log(
                        "unencodable " + message.to(),
                        1,
                        suffix -> LOG.warn(
                                "dropped a message for node {} that cannot be encoded: {}{}",
                                message.to(),
                                TransportContext.describe(why),
                                suffix));
    }

    private void dropTooLarge(OutgoingFrame frame) {
        context.counters().droppedTooLarge.increment();
        int max = context.config().limits().maxFrameBytes();
        context.throttle()
                .log(
                        "large " + frame.message().to(),
                        1,
                        suffix -> LOG.warn(
                                "dropped a message of {} bytes for node {}; at most {} are allowed: raise maxFrameBytes"
                                        + " on all nodes, or lower maxAppendBytes, maxCommandBytes and maxChunkBytes{}",
                                frame.size(),
                                frame.message().to(),
                                max,
                                suffix));
    }

    @Override
    public void members(GroupId group, Membership membership) {
        if (!closed.get()) {
            context.roster().update(group, membership);
            peers.update();
            incoming.recheck();
        }
    }

    /** Ends all connections and threads and frees the port, then returns, after some seconds at most. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            peers.close();
            context.lookup().close();
            context.threads().close();
        }
    }
}
