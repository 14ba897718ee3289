package io.jangada.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * One operation of one client: what it asked, when, and what it was told.
 *
 * <p>Times come from any clock that all clients share; an operation precedes another only if it returned strictly before the
 * other was invoked. An operation whose outcome nobody knows has {@code returned == NEVER} and no output: it may have happened at any
 * moment after its invocation, or not at all. A finite {@code returned} without an output means that it did happen by then, with some answer.
 *
 * @param client who asked; for reports only
 * @param output what the client was told; null if it never learned
 */
public record Operation<I, O>(
        int client,
        long invoked,
        long returned,
        I input,
        @Nullable O output) {

    /** The return time of an operation that never returned. */
    public static final long NEVER = Long.MAX_VALUE;

    public Operation {
        if (returned < invoked) {
            throw new IllegalArgumentException("operation of client " + client + " returned at " + returned
                    + ", before it was invoked at " + invoked);
        }
    }

    /** Whether this operation has certainly happened. */
    public boolean happened() {
        return returned != NEVER;
    }
}
