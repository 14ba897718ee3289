package io.jangada.core.role;

import io.jangada.core.config.RaftConfig;

/**
 * What this node owes the leader that it heard of last, where leases are used: no vote for anybody else for an election timeout.
 *
 * <p>Held apart from the roles because it outlives them, and terms too. A node that starts may have promised before it stopped, so it begins as if it had just heard of a leader (trap 38).
 */
final class LeaderPromise {
    private final boolean leases;
    private final long lengthNanos;
    private long madeAtNanos;

    LeaderPromise(RaftConfig config, long nowNanos) {
        this.leases = config.options().leaseReads();
        this.lengthNanos = config.timing().electionTimeoutMinNanos();
        this.madeAtNanos = nowNanos;
    }

    /** A leader was heard, or this node itself leads no more. */
    void made(long nowNanos) {
        madeAtNanos = nowNanos;
    }

    boolean binds(long nowNanos) {
        return leases && nowNanos - madeAtNanos < lengthNanos;
    }
}
