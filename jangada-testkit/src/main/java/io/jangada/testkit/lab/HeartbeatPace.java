package io.jangada.testkit.lab;

import io.jangada.core.message.HeartbeatRequest;
import java.util.concurrent.TimeUnit;

/**
 * Which rounds of heartbeats leave a server: the course wants no more than ten in a second.
 *
 * <p>The node makes twice as many, since it takes no election timeout that is shorter than two of its heartbeats. A round goes to all servers or to none, so that all of them miss a leader at the
 * same time: whoever still believes in it would refuse the others. Any thread.
 */
final class HeartbeatPace {
    /** A little less than the tenth of a second that two rounds of the node take. */
    static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(90);

    private long term;
    private long round;
    private boolean goes;
    private long wentAtNanos = -LEAST_NANOS;

    /** Whether the round of this heartbeat goes out. {@code awaited}: some server that answers has not been called for as long as that takes. */
    synchronized boolean lets(HeartbeatRequest heartbeat, boolean awaited, long nowNanos) {
        if (heartbeat.term() != term || heartbeat.round() != round) {
            term = heartbeat.term();
            round = heartbeat.round();
            goes = awaited && nowNanos - wentAtNanos >= LEAST_NANOS;
            wentAtNanos = goes ? nowNanos : wentAtNanos;
        }
        return goes;
    }
}
