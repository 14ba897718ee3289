package io.jangada.session;

import java.nio.ByteBuffer;

/**
 * A command for a {@link SessionStateMachine}, and its bytes. {@code Session} makes them; they are public for clients of another make.
 *
 * <pre>
 *   offset  size  field
 *        0     1  version, 1
 *        1     1  kind: 1 open, 2 execute, 3 keep alive, 4 close, 5 set limits
 *        2     8  the proposer's clock in milliseconds since 1970, 0 to {@link #MAX_NOW_MILLIS}
 *   execute:
 *       10     8  session id, at least 1
 *       18     8  sequence, at least 1
 *       26     8  acknowledged, at least 0 and below sequence
 *       34     4  n, length of the payload in bytes
 *       38     n  payload, the command of the user's state machine
 *   keep alive:
 *       10     8  session id, at least 1
 *       18     8  acknowledged, at least 0
 *   close:
 *       10     8  session id, at least 1
 *   set limits:
 *       10    24  {@link SessionLimits}: 8 timeToLiveMillis, 4 maxSessions, 4 maxResultsPerSession, 8 maxResultBytes
 * </pre>
 *
 * All numbers are big endian; nothing may follow. There is no checksum in here: the log has one. Stateless; any thread.
 */
public sealed interface SessionCommand {
    /** The last millisecond of the year 9999. No clock is right that says more, and log time must never get to an end. */
    long MAX_NOW_MILLIS = 253_402_300_799_999L;

    /** The bytes before the payload of {@link Execute}. */
    int EXECUTE_HEADER_BYTES = 38;

    /** The proposer's clock when it sent the command, in milliseconds since 1970. */
    long nowMillis();

    /** Begins a session; answered by {@link SessionReply.Opened}. */
    record Open(long nowMillis) implements SessionCommand {}

    /** A command of the user's state machine. */
    final class Execute implements SessionCommand {
        private final long nowMillis;
        private final long sessionId;
        private final long sequence;
        private final long acknowledged;
        private final byte[] payload;

        /** See {@link SessionCommand#of} for the ranges, which are not checked here. */
        Execute(long nowMillis, long sessionId, long sequence, long acknowledged, byte[] payload) {
            this.nowMillis = nowMillis;
            this.sessionId = sessionId;
            this.sequence = sequence;
            this.acknowledged = acknowledged;
            this.payload = payload;
        }

        @Override
        public long nowMillis() {
            return nowMillis;
        }

        public long sessionId() {
            return sessionId;
        }

        /** The command's number in the session, from 1; the same whenever it is sent again. */
        public long sequence() {
            return sequence;
        }

        /** The client asks for no result up to this sequence any more. */
        public long acknowledged() {
            return acknowledged;
        }

        /** What the user's state machine is to apply; not to be changed. */
        public byte[] payload() {
            return payload;
        }

        @Override
        public String toString() {
            return "Execute[nowMillis=" + nowMillis + ", sessionId=" + sessionId + ", sequence=" + sequence
                    + ", acknowledged=" + acknowledged + ", " + payload.length + " B]";
        }
    }

    /** Makes a session last on, and acknowledges results up to a sequence. */
    record KeepAlive(long nowMillis, long sessionId, long acknowledged) implements SessionCommand {}

    /** Ends a session. */
    record Close(long nowMillis, long sessionId) implements SessionCommand {}

    /** Changes the limits, here and on all nodes. */
    record SetLimits(long nowMillis, SessionLimits limits) implements SessionCommand {}

    /** The bytes of {@link Open}. */
    static byte[] open(long nowMillis) {
        byte[] bytes = new byte[SessionKind.OPEN.minBytes()];
        begin(bytes, SessionKind.OPEN, nowMillis);
        return bytes;
    }

    /**
     * The bytes of {@link Execute}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    static byte[] of(long sessionId, long sequence, long acknowledged, long nowMillis, byte[] payload) {
        requireAtLeast("sequence", sequence, 1);
        requireAcknowledged(acknowledged, sequence);
        byte[] bytes = new byte[Math.addExact(EXECUTE_HEADER_BYTES, payload.length)];
        begin(bytes, SessionKind.EXECUTE, nowMillis)
                .putLong(requireSession(sessionId))
                .putLong(sequence)
                .putLong(acknowledged)
                .putInt(payload.length)
                .put(payload);
        return bytes;
    }

    /**
     * The bytes of {@link KeepAlive}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    static byte[] keepAlive(long sessionId, long acknowledged, long nowMillis) {
        byte[] bytes = new byte[SessionKind.KEEP_ALIVE.minBytes()];
        begin(bytes, SessionKind.KEEP_ALIVE, nowMillis)
                .putLong(requireSession(sessionId))
                .putLong(requireAtLeast("acknowledged", acknowledged, 0));
        return bytes;
    }

    /**
     * The bytes of {@link Close}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    static byte[] close(long sessionId, long nowMillis) {
        byte[] bytes = new byte[SessionKind.CLOSE.minBytes()];
        begin(bytes, SessionKind.CLOSE, nowMillis).putLong(requireSession(sessionId));
        return bytes;
    }

    /** The bytes of {@link SetLimits}. Needs no session. */
    static byte[] setLimits(SessionLimits limits, long nowMillis) {
        byte[] bytes = new byte[SessionKind.SET_LIMITS.minBytes()];
        LimitsCodec.put(limits, begin(bytes, SessionKind.SET_LIMITS, nowMillis));
        return bytes;
    }

    /**
     * The command in these bytes.
     *
     * @throws SessionFormatException if they are none; the message says why and is the same on every node
     */
    static SessionCommand decode(byte[] command) throws SessionFormatException {
        return SessionCommandDecoder.decode(command);
    }

    private static ByteBuffer begin(byte[] bytes, SessionKind kind, long nowMillis) {
        if (nowMillis < 0 || nowMillis > MAX_NOW_MILLIS) {
            throw new IllegalArgumentException(
                    "the clock says " + nowMillis + " ms since 1970; it must say 0 to " + MAX_NOW_MILLIS);
        }
        return ByteBuffer.wrap(bytes).put(SessionKind.VERSION).put(kind.code()).putLong(nowMillis);
    }

    private static long requireSession(long sessionId) {
        return requireAtLeast("session id", sessionId, 1);
    }

    private static long requireAtLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
        return value;
    }

    private static void requireAcknowledged(long acknowledged, long sequence) {
        if (acknowledged < 0 || acknowledged >= sequence) {
            throw new IllegalArgumentException(
                    "acknowledged is " + acknowledged + "; it must be at least 0 and below the sequence, " + sequence);
        }
    }
}
