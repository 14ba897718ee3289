package io.jangada.transport;

import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.ConnectionKind;
import io.jangada.transport.wire.Hello;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the connections of one kind to one peer, one after the other: looks the name up, connects, greets. Lives on one network thread, on
 * which everything but {@link #execute} is called.
 */
final class Dialer {
    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

    /** What becomes of the attempts; called on the dialer's thread, and no more once it is closed. */
    interface Events extends OutgoingConnection.Events {
        /** No connection came about. */
        void failed(String why);
    }

    /** Whom to dial, and who dials. */
    record Target(NodeId peer, InetSocketAddress address, String ownAddress) {
        /** For people. */
        String name() {
            return "node " + peer + " at " + address.getHostString() + ":" + address.getPort();
        }
    }

    private final Target target;
    private final ConnectionKind kind;
    private final TransportContext context;
    private final Events events;
    private final EventLoop loop;
    private @Nullable Channel channel;
    private boolean closed;
    private int attempts;

    Dialer(Target target, ConnectionKind kind, TransportContext context, Events events) {
        this.target = target;
        this.kind = kind;
        this.context = context;
        this.events = events;
        this.loop = context.threads().next();
    }

    EventLoop loop() {
        return loop;
    }

    boolean isClosed() {
        return closed;
    }

    /** Runs it on the dialer's thread, or says false because the transport has been closed meanwhile. Any thread. */
    boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("the transport has been closed meanwhile; nothing is done about {} any more", target.name());
            return false;
        }
    }

    /** One attempt. */
    void dial() {
        if (!closed) {
            context.lookup().resolve(target.address(), this::resolved);
        }
    }

    private void resolved(List<InetAddress> addresses, @Nullable String failure) {
        if (loop.inEventLoop()) {
            connect(addresses, failure);
        } else {
            execute(() -> connect(addresses, failure));
        }
    }

    private void connect(List<InetAddress> addresses, @Nullable String failure) {
        if (closed) {
            return;
        }
        if (failure != null) {
            events.failed(failure);
            return;
        }
        InetAddress host = addresses.get(Math.floorMod(attempts++, addresses.size()));
        TransportTiming timing = context.config().timing();
        TransportConfig config = context.config();
        Hello greeting = new Hello(
                kind.code(), config.cluster(), config.self(), target.peer(), config.incarnation(), target.ownAddress());
        ChannelFuture connecting = context.threads()
                .dialer(loop)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timing.handshakeTimeoutMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        context.threads().configure(fresh, timing);
                        fresh.pipeline().addLast(new OutgoingConnection(greeting, context, events));
                    }
                })
                .connect(new InetSocketAddress(host, target.address().getPort()));
        channel = connecting.channel();
        var unused = connecting.addListener(done -> {
            Throwable cause = done.cause();
            if (cause != null && !closed) {
                events.failed(TransportContext.describe(cause));
            }
        });
    }

    /** Dials no more, and ends the connection that is there, or on its way. */
    void close() {
        closed = true;
        Channel last = channel;
        if (last != null) {
            var unused = last.close();
        }
    }
}
