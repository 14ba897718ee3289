package io.jangada.session;

import java.time.Duration;

/**
 * What the table of sessions may grow to. Part of the replicated state: all nodes of a group begin with equal limits, for ever, and {@link
 * SessionCommand#setLimits} changes them on all nodes at the same place of the log.
 *
 * @param timeToLiveMillis how long a session lasts after its last command, in milliseconds of log time; 1 to 366 days. Clients keep theirs alive
 *     by themselves
 * @param maxSessions how many sessions there may be; at least 1. One more is refused
 * @param maxResultsPerSession how far a sequence may be ahead of what its client has acknowledged, and so how many results of a session are kept at most; at least 1. A
 *     command that is further ahead is refused, and sent again a little later by a {@link Session}
 * @param maxResultBytes how many bytes of results may be kept for all sessions together, each counted with 32 more for its place; at least 1. While
 *     that many are kept commands are refused, but for the oldest of a session that keeps results, whose answer lets the client acknowledge them
 */
public record SessionLimits(long timeToLiveMillis, int maxSessions, int maxResultsPerSession, long maxResultBytes) {

    /** The longest time to live. */
    public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(366);

    /** Ten minutes, 100,000 sessions, 1,024 results of each, 64 MiB of results in all. */
    public static final SessionLimits DEFAULT =
            new SessionLimits(Duration.ofMinutes(10).toMillis(), 100_000, 1024, 64L << 20);

    public SessionLimits {
        if (timeToLiveMillis < 1 || timeToLiveMillis > MAX_TIME_TO_LIVE.toMillis()) {
            throw new IllegalArgumentException("timeToLiveMillis is " + timeToLiveMillis + "; it must be 1 to "
                    + MAX_TIME_TO_LIVE.toMillis() + " (" + MAX_TIME_TO_LIVE.toDays() + " days)");
        }
        requirePositive("maxSessions", maxSessions);
        requirePositive("maxResultsPerSession", maxResultsPerSession);
        requirePositive("maxResultBytes", maxResultBytes);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least 1");
        }
    }

    /** These limits with another time to live. */
    public SessionLimits withTimeToLive(Duration timeToLive) {
        return new SessionLimits(timeToLive.toMillis(), maxSessions, maxResultsPerSession, maxResultBytes);
    }

    /** These limits with another number of sessions. */
    public SessionLimits withMaxSessions(int sessions) {
        return new SessionLimits(timeToLiveMillis, sessions, maxResultsPerSession, maxResultBytes);
    }

    /** These limits with another number of results kept for each session. */
    public SessionLimits withMaxResultsPerSession(int results) {
        return new SessionLimits(timeToLiveMillis, maxSessions, results, maxResultBytes);
    }

    /** These limits with another number of bytes of results kept for all sessions. */
    public SessionLimits withMaxResultBytes(long bytes) {
        return new SessionLimits(timeToLiveMillis, maxSessions, maxResultsPerSession, bytes);
    }
}
