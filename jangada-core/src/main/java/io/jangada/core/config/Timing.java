package io.jangada.core.config;

/**
 * The clockwork of a node, in nanoseconds of a monotonic clock.
 *
 * <p>A follower that hears nothing stands for election after a time drawn anew each time from {@code electionTimeoutMinNanos}
 * (inclusive) to {@code electionTimeoutMaxNanos} (exclusive). A leader that has not been confirmed by a majority for
 * {@code electionTimeoutMinNanos}, or whose disk has made nothing durable for twice {@code electionTimeoutMaxNanos} though there is something to write,
 * steps down.
 */
public record Timing(long heartbeatIntervalNanos, long electionTimeoutMinNanos, long electionTimeoutMaxNanos) {

    /** 50 ms heartbeats, elections after 500 to 1,000 ms of silence: right for one data centre. */
    public static final Timing DEFAULT = ofMillis(50, 500, 1_000);

    public Timing {
        if (heartbeatIntervalNanos < 100_000) {
            throw new IllegalArgumentException(
                    "heartbeat interval of " + millis(heartbeatIntervalNanos) + " is too short; use at least 0.1 ms");
        }
        if (electionTimeoutMinNanos < 2 * heartbeatIntervalNanos) {
            throw new IllegalArgumentException("election timeout of " + millis(electionTimeoutMinNanos)
                    + " is too short for a heartbeat interval of " + millis(heartbeatIntervalNanos)
                    + "; use at least twice the heartbeat interval, better ten times");
        }
        if (electionTimeoutMaxNanos < electionTimeoutMinNanos * 3 / 2) {
            throw new IllegalArgumentException("election timeouts from " + millis(electionTimeoutMinNanos)
                    + " to " + millis(electionTimeoutMaxNanos)
                    + " lie too close together to break ties; let the longest be at least 1.5 times the shortest");
        }
    }

    /** Timing from milliseconds. Throws {@link IllegalArgumentException} with the offending values if they do not fit together. */
    public static Timing ofMillis(long heartbeatInterval, long electionTimeoutMin, long electionTimeoutMax) {
        return new Timing(
                heartbeatInterval * 1_000_000, electionTimeoutMin * 1_000_000, electionTimeoutMax * 1_000_000);
    }

    /** For error texts; the core knows no time classes. */
    private static String millis(long nanos) {
        return nanos / 1_000_000.0 + " ms";
    }
}
