package io.jangada.core.model;

/** The check that is always on: whatever fails here is a bug of this library, and the node stops promising anything. */
public final class Invariants {

    private Invariants() {}

    /** Throws {@link IllegalStateException} with the message unless the condition holds. */
    public static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException("violated invariant: " + message);
        }
    }
}
