package io.jangada.testkit.sim;

/** What the users and operators of the simulated cluster do besides writing and reading linearizably. Each seed draws which of these happen. */
public enum Activity {
    /** Members join, leave, are promoted, demoted, replaced and described. */
    CHANGES,
    /** Leadership is handed over, to a named voter or to the best one, and sometimes the transfer is aborted. */
    TRANSFERS,
    /** The leader is asked to step down. */
    STEP_DOWNS,
    /** State machines take snapshots after a few entries, and logs are compacted. */
    SNAPSHOTS,
    /** Somebody asks for a snapshot. */
    MANUAL_SNAPSHOTS,
    /** Leaders answer reads on the strength of their lease. */
    LEASE_READS,
    /** Reads that may be a little old. */
    BOUNDED_READS,
    /** Reads that may be very old. */
    LOCAL_READS,
    /** Members have different priorities. */
    PRIORITIES,
    /** Data folders have numbers, by which a machine that lost its data is told from itself. */
    INCARNATIONS
}
