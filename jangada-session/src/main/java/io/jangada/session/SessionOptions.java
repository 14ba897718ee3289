package io.jangada.session;

import java.time.Duration;

/**
 * How a {@code Session} sends its commands.
 *
 * @param maxInFlight how many commands may wait for an answer; 1 to 65536. One more is refused. 1 keeps the order of commands whatever happens. Should be well
 *     below {@link SessionLimits#maxResultsPerSession}: results behind a command that has no answer yet cannot be acknowledged, and at that limit commands wait until it has one
 * @param deadline how long a command is sent again and again before it fails
 * @param attemptTimeout how long to wait for the answer to one sending. Should be a little above the node's request timeout, which is 5 s unless said otherwise: the
 *     node then says itself what happened
 * @param minBackoff how long to wait before the second sending, after a failure
 * @param maxBackoff the wait doubles with each failure, up to this
 */
public record SessionOptions(
        int maxInFlight, Duration deadline, Duration attemptTimeout, Duration minBackoff, Duration maxBackoff) {
    private static final int MOST_IN_FLIGHT = 1 << 16;
    private static final Duration LONGEST = Duration.ofDays(1);

    /** 64 in flight, 30 s in all, 6 s for each sending, pauses of 10 ms to 500 ms. */
    public static final SessionOptions DEFAULT = new SessionOptions(
            64, Duration.ofSeconds(30), Duration.ofSeconds(6), Duration.ofMillis(10), Duration.ofMillis(500));

    public SessionOptions {
        if (maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
            throw new IllegalArgumentException("maxInFlight is " + maxInFlight + "; it must be 1 to " + MOST_IN_FLIGHT);
        }
        require("deadline", deadline);
        require("attemptTimeout", attemptTimeout);
        require("minBackoff", minBackoff);
        require("maxBackoff", maxBackoff);
        if (maxBackoff.compareTo(minBackoff) < 0) {
            throw new IllegalArgumentException(
                    "maxBackoff is " + maxBackoff + "; it must be at least minBackoff, " + minBackoff);
        }
    }

    private static void require(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be above 0 and at most " + LONGEST);
        }
    }

    /** These options with another number of commands in flight. */
    public SessionOptions withMaxInFlight(int commands) {
        return new SessionOptions(commands, deadline, attemptTimeout, minBackoff, maxBackoff);
    }

    /** These options with another time after which a command fails. */
    public SessionOptions withDeadline(Duration time) {
        return new SessionOptions(maxInFlight, time, attemptTimeout, minBackoff, maxBackoff);
    }

    /** These options with another time to wait for the answer to one sending. */
    public SessionOptions withAttemptTimeout(Duration time) {
        return new SessionOptions(maxInFlight, deadline, time, minBackoff, maxBackoff);
    }

    /** These options with other pauses between sendings. */
    public SessionOptions withBackoff(Duration min, Duration max) {
        return new SessionOptions(maxInFlight, deadline, attemptTimeout, min, max);
    }
}
