package io.jangada.session;

/**
 * What became of a session command, the same on every node.
 *
 * @param <R> the result of a command of the user's state machine
 */
public sealed interface SessionReply<R> {

    /**
     * The session exists.
     *
     * @param sessionId its number, the index of the entry that opened it and so unique for ever
     * @param timeToLiveMillis how long it lasts after its last command, in milliseconds
     */
    record Opened<R>(long sessionId, long timeToLiveMillis) implements SessionReply<R> {}

    /**
     * The command has been executed, once.
     *
     * @param duplicate whether that was at an earlier arrival, whose result this is
     */
    record Done<R>(R result, boolean duplicate) implements SessionReply<R> {}

    /** The session is alive, and has been for the time to live from now. */
    record Alive<R>() implements SessionReply<R> {}

    /** The session does not exist any more, on request. So too if it did not exist before. */
    record Closed<R>() implements SessionReply<R> {}

    /** The limits are now those of the command. */
    record LimitsSet<R>() implements SessionReply<R> {}

    /**
     * There is no such session, any more. The command has not been executed at this arrival; whether it, or any other one without an answer, was
     * executed before the session ended is not known any more.
     */
    record Expired<R>(long sessionId) implements SessionReply<R> {}

    /**
     * A copy of a command that its client has acknowledged or given up, up to which sequence number is said here. Not executed at this arrival.
     */
    record Stale<R>(long sequence, long acknowledged) implements SessionReply<R> {}

    /** Nothing has happened, because of {@code reason}; {@code detail} is for people. */
    record Refused<R>(Reason reason, String detail) implements SessionReply<R> {}

    /** Why a command was refused. */
    enum Reason {
        /** {@link SessionLimits#maxSessions} is reached. Passes when others end. */
        TOO_MANY_SESSIONS,
        /** {@link SessionLimits#maxResultsPerSession} is reached. Passes when the client acknowledges. */
        TOO_MANY_RESULTS,
        /** {@link SessionLimits#maxResultBytes} is reached. Passes when clients acknowledge. */
        TOO_MANY_RESULT_BYTES,
        /** The bytes are no session command of a version known here. Does not pass. */
        MALFORMED;

        /** Whether the same command may be taken later. */
        public boolean passes() {
            return this != MALFORMED;
        }
    }
}
