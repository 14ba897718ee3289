package io.jangada.transport;

import java.time.Duration;

/**
 * How patient a transport is, in nanoseconds.
 *
 * @param handshakeTimeoutNanos how long connecting may take, and then how long each side waits for the other's part of the handshake
 * @param backoffMinNanos the pause after the first failed attempt to connect; doubled with each further one, and shortened by chance by up to half
 * @param backoffMaxNanos the longest pause between two attempts
 * @param deadPeerTimeoutNanos how long a peer may leave sent bytes unacknowledged before its connection is given up
 * @param bulkIdleNanos how long a connection for snapshots is kept without one
 * @param farewellNanos how long a peer that is no member any more, or never was one, is still kept after its last word, so that the last
 *     messages leave
 */
public record TransportTiming(
        long handshakeTimeoutNanos,
        long backoffMinNanos,
        long backoffMaxNanos,
        long deadPeerTimeoutNanos,
        long bulkIdleNanos,
        long farewellNanos) {

    /** 3 s for a handshake, pauses from 20 ms to 1 s, 5 s of silence; 30 s without a snapshot, 10 s for the last messages. */
    public static final TransportTiming DEFAULT = ofMillis(3_000, 20, 1_000, 5_000);

    public TransportTiming {
        atLeastMillisecond("handshakeTimeoutNanos", handshakeTimeoutNanos);
        atLeastMillisecond("backoffMinNanos", backoffMinNanos);
        atLeastMillisecond("deadPeerTimeoutNanos", deadPeerTimeoutNanos);
        atLeastMillisecond("bulkIdleNanos", bulkIdleNanos);
        atLeastMillisecond("farewellNanos", farewellNanos);
        if (backoffMaxNanos < backoffMinNanos) {
            throw new IllegalArgumentException("backoffMaxNanos of " + Duration.ofNanos(backoffMaxNanos)
                    + " is shorter than backoffMinNanos of " + Duration.ofNanos(backoffMinNanos));
        }
    }

    /** With the usual patience for what is idle. */
    public static TransportTiming ofMillis(
            long handshakeTimeout, long backoffMin, long backoffMax, long deadPeerTimeout) {
        return new TransportTiming(
                handshakeTimeout * 1_000_000,
                backoffMin * 1_000_000,
                backoffMax * 1_000_000,
                deadPeerTimeout * 1_000_000,
                30_000L * 1_000_000,
                10_000L * 1_000_000);
    }

    public TransportTiming withBulkIdleMillis(long bulkIdle) {
        return new TransportTiming(
                handshakeTimeoutNanos,
                backoffMinNanos,
                backoffMaxNanos,
                deadPeerTimeoutNanos,
                bulkIdle * 1_000_000,
                farewellNanos);
    }

    public TransportTiming withFarewellMillis(long farewell) {
        return new TransportTiming(
                handshakeTimeoutNanos,
                backoffMinNanos,
                backoffMaxNanos,
                deadPeerTimeoutNanos,
                bulkIdleNanos,
                farewell * 1_000_000);
    }

    int handshakeTimeoutMillis() {
        return (int) Math.min(Integer.MAX_VALUE, handshakeTimeoutNanos / 1_000_000);
    }

    int deadPeerTimeoutMillis() {
        return (int) Math.min(Integer.MAX_VALUE, deadPeerTimeoutNanos / 1_000_000);
    }

    private static void atLeastMillisecond(String name, long value) {
        if (value < 1_000_000) {
            throw new IllegalArgumentException(
                    name + " of " + Duration.ofNanos(value) + " is too short; use at least 1 ms");
        }
    }
}
