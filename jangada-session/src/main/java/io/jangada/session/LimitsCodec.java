package io.jangada.session;

import java.nio.ByteBuffer;

/** The bytes of {@link SessionLimits}, the same in commands and in snapshots. */
final class LimitsCodec {
    static final int BYTES = 24;

    private LimitsCodec() {}

    static void put(SessionLimits limits, ByteBuffer target) {
        target.putLong(limits.timeToLiveMillis())
                .putInt(limits.maxSessions())
                .putInt(limits.maxResultsPerSession())
                .putLong(limits.maxResultBytes());
    }

    /** Reads {@link #BYTES} bytes, which must remain. */
    static SessionLimits get(ByteBuffer source) throws SessionFormatException {
        long timeToLiveMillis = source.getLong();
        int maxSessions = source.getInt();
        int maxResultsPerSession = source.getInt();
        long maxResultBytes = source.getLong();
        try {
            return new SessionLimits(timeToLiveMillis, maxSessions, maxResultsPerSession, maxResultBytes);
        } catch (IllegalArgumentException e) {
            SessionFormatException outOfRange = new SessionFormatException("session limits: " + e.getMessage());
            outOfRange.initCause(e);
            throw outOfRange;
        }
    }
}
