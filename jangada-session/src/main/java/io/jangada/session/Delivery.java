package io.jangada.session;

import io.jangada.api.error.RaftException;
import org.jspecify.annotations.Nullable;

/** One command on its way: sent until it is answered or its deadline passes. The fields belong to {@link Deliveries} and its lock. */
abstract class Delivery<R> {
    long startedNanos;
    long deadlineNanos;

    /** When something is to be done about it: the next sending if {@link #paused}, else the end of the wait for an answer. */
    long dueNanos;

    boolean paused;
    boolean ended;
    int attempts;

    /** Whether some attempt may have had, or may yet have, an effect. */
    boolean doubtful;

    @Nullable
    Throwable lastFailure;

    /** The bytes to send, made anew for each attempt, because they say what time it is. */
    abstract byte[] command();

    /**
     * It was answered. Called once, or {@link #failed} is.
     *
     * @param mayHaveHappened whether an earlier attempt may have had an effect of which this answer does not tell
     */
    abstract void answered(SessionReply<R> reply, boolean mayHaveHappened);

    abstract void failed(RaftException why);
}
