package io.jangada.transport;

import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.OutgoingFrame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one peer: dials, redials with growing pauses, and hands messages to the connection of the moment.
 *
 * <p>Everything but {@link #send} happens on one network thread, so nothing here is locked:
 *
 * <pre>
 *   look up the name --> connect --> greet --> ready
 *         ^                |           |         |
 *         +---- pause -----+-----------+---------+   (failed, refused, ended)
 * </pre>
 */
final class PeerLink implements OutgoingConnection.Events {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    private final NodeId peer;
    private final InetSocketAddress address;
    private final String name;
    private final TransportContext context;
    private final AddressLookup lookup;
    private final EventLoop loop;
    private final Backoff backoff;
    private volatile @Nullable OutgoingConnection ready;
    private final Set<MessageReceiver> told = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;
    private int attempts;
    private int failures;
    private int outages;
    private long failingSinceNanos;
    private long readySinceNanos;

    PeerLink(NodeId peer, InetSocketAddress address, TransportContext context, AddressLookup lookup) {
        this.peer = peer;
        this.address = address;
        this.name = "node " + peer + " at " + address.getHostString() + ":" + address.getPort();
        this.context = context;
        this.lookup = lookup;
        this.loop = context.threads().next();
        TransportTiming timing = context.config().timing();
        this.backoff = new Backoff(timing.backoffMinNanos(), timing.backoffMaxNanos());
    }

    void start() {
        execute(this::dial);
    }

    /** Any thread; never blocks. */
    void send(OutgoingFrame frame) {
        OutgoingConnection connection = ready;
        if (connection == null) {
            context.counters().droppedNotConnected.increment();
        } else {
            connection.send(frame);
        }
    }

    /** Tells a new receiver of the connection that is there already, in step with those to come. */
    void introduce(MessageReceiver receiver) {
        execute(() -> {
            if (ready != null) {
                tell(receiver);
            }
        });
    }

    /** Each receiver hears once of each connection, however close its registration and the connection come together. */
    private void tell(MessageReceiver receiver) {
        if (told.add(receiver)) {
            context.receivers().peerConnected(receiver, peer);
        }
    }

    private void dial() {
        if (!closed) {
            lookup.resolve(address, this::resolved);
        }
    }

    private void resolved(List<InetAddress> addresses, @Nullable String failure) {
        if (loop.inEventLoop()) {
            connect(addresses, failure);
        } else {
            execute(() -> connect(addresses, failure));
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the transport has been closed meanwhile; nothing is done about {} any more", name);
        }
    }

    private void connect(List<InetAddress> addresses, @Nullable String failure) {
        if (closed) {
            return;
        }
        if (failure != null) {
            failed(failure);
            return;
        }
        InetAddress target = addresses.get(Math.floorMod(attempts++, addresses.size()));
        TransportTiming timing = context.config().timing();
        ChannelFuture connecting = context.threads()
                .dialer(loop)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timing.handshakeTimeoutMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        context.threads().configure(fresh, timing);
                        fresh.pipeline().addLast(new OutgoingConnection(peer, context, PeerLink.this));
                    }
                })
                .connect(new InetSocketAddress(target, address.getPort()));
        var unused = connecting.addListener(done -> {
            Throwable cause = done.cause();
            if (cause != null) {
                failed(TransportContext.describe(cause));
            }
        });
    }

    @Override
    public void ready(OutgoingConnection connection) {
        String history =
                failures == 0 ? "" : " (failed attempts before: " + failures + " in " + since(failingSinceNanos) + ")";
        failures = 0;
        outages++;
        readySinceNanos = System.nanoTime();
        context.counters().connectionsOpened.increment();
        context.throttle().log("ready " + peer, 5, suffix -> LOG.info("connected to {}{}{}", name, history, suffix));
        ready = connection;
        told.clear();
        context.receivers().all().forEach(this::tell);
    }

    @Override
    public void ended(OutgoingConnection connection, String why) {
        if (ready == null) {
            failed(why);
            return;
        }
        ready = null;
        if (closed) {
            return;
        }
        context.throttle()
                .log(
                        "lost " + peer,
                        5,
                        suffix -> LOG.info("lost the connection to {}: {}; connecting again{}", name, why, suffix));
        if (System.nanoTime() - readySinceNanos >= context.config().timing().backoffMaxNanos()) {
            backoff.reset();
        }
        dialLater();
    }

    private void failed(String why) {
        if (closed) {
            return;
        }
        context.counters().connectFailures.increment();
        failures++;
        if (failures == 1) {
            failingSinceNanos = System.nanoTime();
        }
        String count = failures == 1 ? "" : "; attempt " + failures + " in " + since(failingSinceNanos);
        // Each outage is told at once, and then every reason once in a while; many short outages with an end of their
        // own.
        LogThrottle throttle = context.throttle();
        throttle.log(
                "failed " + peer + " " + outages + " " + why,
                1,
                same -> throttle.log(
                        "failed " + peer,
                        10,
                        others -> LOG.warn(
                                "cannot connect to {}: {}{}; trying again{}{}", name, why, count, same, others)));
        dialLater();
    }

    private void dialLater() {
        var unused = loop.schedule(this::dial, backoff.nextDelayNanos(), TimeUnit.NANOSECONDS);
    }

    private static String since(long nanos) {
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos))
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }

    /** Dials no more; the connection ends with the threads. Any thread. */
    void close() {
        execute(() -> closed = true);
    }
}
