package io.jangada.transport;

import io.jangada.transport.wire.ConnectionKind;
import io.jangada.transport.wire.OutgoingFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of snapshots to one peer: a connection of their own, so that heartbeats never wait behind a piece of a snapshot. Opened when there is
 * something to send, closed when there was nothing for a while.
 *
 * <p>What is sent while the connection is being opened waits for it, bounded in bytes, and is dropped if it does not come about; so is
 * what is sent in the pause after a failure. Everything but {@link #send} happens on one network thread.
 */
final class BulkLink implements Dialer.Events {
    private static final Logger LOG = LoggerFactory.getLogger(BulkLink.class);

    private final String name;
    private final TransportContext context;
    private final Dialer dialer;
    private final Backoff backoff;
    private final long maxWaitingBytes;

    /** What has been sent and is in no connection's hands yet. */
    private final AtomicLong waitingBytes = new AtomicLong();

    private final Queue<OutgoingFrame> waiting = new ArrayDeque<>();
    private @Nullable OutgoingConnection ready;
    private boolean dialing;
    private boolean pausing;
    private long lastSentNanos;

    BulkLink(Dialer.Target target, TransportContext context) {
        this.name = target.name();
        this.context = context;
        this.dialer = new Dialer(target, ConnectionKind.BULK, context, this);
        TransportTiming timing = context.config().timing();
        this.backoff = new Backoff(timing.backoffMinNanos(), timing.backoffMaxNanos());
        this.maxWaitingBytes = context.config().limits().maxBulkQueueBytesPerPeer();
    }

    /** Any thread; never blocks. */
    void send(OutgoingFrame frame) {
        if (waitingBytes.addAndGet(frame.size()) > maxWaitingBytes) {
            waitingBytes.addAndGet(-frame.size());
            context.counters().droppedQueueFull.increment();
        } else if (!dialer.execute(() -> forward(frame))) {
            drop(frame);
        }
    }

    private void forward(OutgoingFrame frame) {
        OutgoingConnection connection = ready;
        if (connection != null) {
            pass(connection, frame);
        } else if (pausing || dialer.isClosed()) {
            drop(frame);
        } else {
            waiting.add(frame);
            if (!dialing) {
                dialing = true;
                dialer.dial();
            }
        }
    }

    private void pass(OutgoingConnection connection, OutgoingFrame frame) {
        lastSentNanos = System.nanoTime();
        waitingBytes.addAndGet(-frame.size());
        connection.send(frame);
    }

    private void drop(OutgoingFrame frame) {
        waitingBytes.addAndGet(-frame.size());
        context.counters().droppedNotConnected.increment();
    }

    private void dropWaiting() {
        waiting.forEach(this::drop);
        waiting.clear();
    }

    @Override
    public void ready(OutgoingConnection connection) {
        dialing = false;
        backoff.reset();
        context.counters().connectionsOpened.increment();
        LOG.debug("opened a bulk connection to {}", name);
        ready = connection;
        for (OutgoingFrame frame = waiting.poll(); frame != null; frame = waiting.poll()) {
            pass(connection, frame);
        }
        watchIdle(connection, context.config().timing().bulkIdleNanos());
    }

    private void watchIdle(OutgoingConnection connection, long delayNanos) {
        var unused = dialer.loop().schedule(() -> closeIfIdle(connection), delayNanos, TimeUnit.NANOSECONDS);
    }

    private void closeIfIdle(OutgoingConnection connection) {
        if (ready != connection) {
            return;
        }
        long patienceNanos = context.config().timing().bulkIdleNanos();
        long leftNanos = patienceNanos - (System.nanoTime() - lastSentNanos);
        if (leftNanos > 0 || !connection.isDrained()) {
            watchIdle(connection, leftNanos > 0 ? leftNanos : patienceNanos);
            return;
        }
        ready = null;
        connection.close("there is nothing to send any more");
    }

    /** Ends the connection if the members have changed so that this peer is not who it says it is. Any thread. */
    void recheck() {
        dialer.execute(() -> {
            OutgoingConnection connection = ready;
            if (connection != null) {
                connection.recheck();
            }
        });
    }

    @Override
    public void ended(OutgoingConnection connection, String why) {
        if (!connection.isAccepted()) {
            failed(why);
            return;
        }
        LOG.debug("the bulk connection to {} ended: {}", name, why);
        if (ready == connection) {
            ready = null;
        }
    }

    @Override
    public void failed(String why) {
        dialing = false;
        dropWaiting();
        if (dialer.isClosed()) {
            return;
        }
        context.counters().connectFailures.increment();
        LogThrottle throttle = context.throttle();
        throttle.log(
                "bulk " + name + " " + why,
                1,
                same -> throttle.log(
                        "bulk " + name,
                        10,
                        others -> LOG.warn(
                                "cannot open a bulk connection, for a snapshot, to {}: {}{}{}",
                                name,
                                why,
                                same,
                                others)));
        pausing = true;
        var unused = dialer.loop()
                .schedule(
                        () -> {
                            pausing = false;
                        },
                        backoff.nextDelayNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /** Dials no more, and ends the connection. Any thread. */
    void close() {
        dialer.execute(() -> {
            dialer.close();
            dropWaiting();
        });
    }
}
