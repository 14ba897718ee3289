package io.jangada.api;

import io.jangada.core.RaftStatus;
import org.jspecify.annotations.Nullable;

/**
 * An immutable picture of a node.
 *
 * @param health whether the node works
 * @param raft role, term, leader and log positions, and what is missing of a damaged log
 * @param appliedIndex the last entry applied to the state machine
 * @param failure why the node stopped; null unless {@code health} is {@code FAILED}
 */
public record NodeStatus(
        Health health,
        RaftStatus raft,
        long appliedIndex,
        @Nullable Throwable failure) {

    /** Whether a node works. */
    public enum Health {
        RUNNING,
        /** Stopped by a failed disk, a failed state machine or a violated invariant; it promises nothing any more. */
        FAILED,
        CLOSED
    }
}
