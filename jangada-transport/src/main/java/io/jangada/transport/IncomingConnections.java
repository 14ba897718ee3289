package io.jangada.transport;

import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.Hello;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The listening socket, and the one current incoming connection of each kind of each peer. Any thread. */
final class IncomingConnections {
    private record Key(NodeId peer, int kindCode) {}

    private final TransportContext context;
    private final Peers peers;
    private final Map<Key, IncomingConnection> current = new ConcurrentHashMap<>();
    private final AtomicInteger pendingGreetings = new AtomicInteger();

    IncomingConnections(TransportContext context, Peers peers) {
        this.context = context;
        this.peers = peers;
    }

    /** Begins to listen and returns the real address. The exception says which option names the address and what to do. */
    InetSocketAddress listen() throws IOException {
        InetSocketAddress wanted = resolved(context.config().listen());
        ChannelFuture bound = context.threads()
                .listener()
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        context.threads().configure(channel, context.config().timing());
                        channel.pipeline().addLast(new IncomingConnection(context, peers, IncomingConnections.this));
                    }
                })
                .bind(wanted)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            Throwable cause = bound.cause();
            throw cannotListen(TransportContext.describe(cause), cause);
        }
        context.threads().closeAtEnd(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    private InetSocketAddress resolved(InetSocketAddress address) throws IOException {
        if (!address.isUnresolved()) {
            return address;
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(address.getHostString()), address.getPort());
        } catch (UnknownHostException e) {
            throw cannotListen("host name '" + address.getHostString() + "' cannot be resolved", e);
        }
    }

    private BindException cannotListen(String why, @Nullable Throwable cause) {
        InetSocketAddress wanted = context.config().listen();
        BindException failure = new BindException("cannot listen for peers on " + wanted.getHostString() + ":"
                + wanted.getPort() + " (listen address of node "
                + context.config().self() + "): " + why
                + "; stop the process that holds the port, or give this node another address of this machine and its"
                + " peers the new one");
        failure.initCause(cause);
        return failure;
    }

    /** Whether one more connection may take its time to say who it is. */
    boolean admitGreeting() {
        if (pendingGreetings.incrementAndGet() <= context.config().limits().maxPendingHandshakes()) {
            return true;
        }
        pendingGreetings.decrementAndGet();
        return false;
    }

    void greetingEnded() {
        pendingGreetings.decrementAndGet();
    }

    /** Makes this the peer's connection of its kind; an older one is ended, for its peer has given it up. */
    void accepted(Hello hello, IncomingConnection connection) {
        IncomingConnection older = current.put(key(hello), connection);
        if (older != null) {
            older.close("replaced by a newer one");
        }
    }

    void ended(Hello hello, IncomingConnection connection) {
        current.remove(key(hello), connection);
    }

    private static Key key(Hello hello) {
        return new Key(hello.sender(), hello.kindCode());
    }

    /** Ends the connections of peers that are not who they say they are, now that the members have changed. */
    void recheck() {
        current.values().forEach(IncomingConnection::recheck);
    }
}
