package io.jangada.transport;

import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.ConnectionKind;
import io.jangada.transport.wire.OutgoingFrame;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one peer at one address: dials, redials with growing pauses, and hands messages to the connection of the moment, or to the
 * {@link BulkLink} beside it.
 *
 * <p>Everything but {@link #send} happens on one network thread, so nothing here is locked:
 *
 * <pre>
 *   look up the name --> connect --> greet --> ready
 *         ^                |           |         |
 *         +---- pause -----+-----------+---------+   (failed, refused, ended)
 * </pre>
 */
final class PeerLink implements Dialer.Events {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    private final NodeId peer;
    private final Dialer.Target target;
    private final TransportContext context;
    private final Dialer dialer;
    private final BulkLink bulk;
    private final Backoff backoff;
    private volatile @Nullable OutgoingConnection ready;
    private final Set<MessageReceiver> told = Collections.newSetFromMap(new IdentityHashMap<>());
    private int failures;
    private int outages;
    private long failingSinceNanos;
    private long readySinceNanos;

    PeerLink(Dialer.Target target, TransportContext context) {
        this.peer = target.peer();
        this.target = target;
        this.context = context;
        this.dialer = new Dialer(target, ConnectionKind.MESSAGES, context, this);
        this.bulk = new BulkLink(target, context);
        TransportTiming timing = context.config().timing();
        this.backoff = new Backoff(timing.backoffMinNanos(), timing.backoffMaxNanos());
    }

    void start() {
        dialer.execute(dialer::dial);
    }

    boolean leadsTo(InetSocketAddress address) {
        return AddressText.same(target.address(), address);
    }

    /** Any thread; never blocks. */
    void send(OutgoingFrame frame) {
        if (frame.kind() == ConnectionKind.BULK) {
            bulk.send(frame);
            return;
        }
        OutgoingConnection connection = ready;
        if (connection == null) {
            context.counters().droppedNotConnected.increment();
        } else {
            connection.send(frame);
        }
    }

    /** Tells a new receiver of the connection that is there already, in step with those to come. */
    void introduce(MessageReceiver receiver) {
        dialer.execute(() -> {
            OutgoingConnection connection = ready;
            if (connection != null) {
                tell(receiver, connection);
            }
        });
    }

    /** Each receiver hears once of each connection, however close its registration and the connection come together. */
    private void tell(MessageReceiver receiver, OutgoingConnection connection) {
        if (told.add(receiver)) {
            context.receivers().peerConnected(receiver, peer, connection.peerIncarnation());
        }
    }

    /** Ends the connections if the members have changed so that this peer is not who it says it is. Any thread. */
    void recheck() {
        dialer.execute(() -> {
            OutgoingConnection connection = ready;
            if (connection != null) {
                connection.recheck();
            }
        });
        bulk.recheck();
    }

    @Override
    public void ready(OutgoingConnection connection) {
        String history =
                failures == 0 ? "" : " (failed attempts before: " + failures + " in " + since(failingSinceNanos) + ")";
        failures = 0;
        outages++;
        readySinceNanos = System.nanoTime();
        context.counters().connectionsOpened.increment();
        context.throttle()
                .log("ready " + peer, 5, suffix -> LOG.info("connected to {}{}{}", target.name(), history, suffix));
        ready = connection;
        told.clear();
        context.receivers().all().forEach(receiver -> tell(receiver, connection));
    }

    @Override
    public void ended(OutgoingConnection connection, String why) {
        if (ready == null) {
            failed(why);
            return;
        }
        ready = null;
        if (dialer.isClosed()) {
            return;
        }
        context.throttle()
                .log(
                        "lost " + peer,
                        5,
                        suffix -> LOG.info(
                                "lost the connection to {}: {}; connecting again{}", target.name(), why, suffix));
        if (System.nanoTime() - readySinceNanos >= context.config().timing().backoffMaxNanos()) {
            backoff.reset();
        }
        dialLater();
    }

    @Override
    public void failed(String why) {
        if (dialer.isClosed()) {
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
                                "cannot connect to {}: {}{}; trying again{}{}",
                                target.name(),
                                why,
                                count,
                                same,
                                others)));
        dialLater();
    }

    private void dialLater() {
        var unused = dialer.loop().schedule(dialer::dial, backoff.nextDelayNanos(), TimeUnit.NANOSECONDS);
    }

    private static String since(long nanos) {
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos))
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }

    /** Dials no more, and ends the connections. Any thread. */
    void close() {
        dialer.execute(dialer::close);
        bulk.close();
    }
}
