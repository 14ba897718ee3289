package io.jangada.testkit.sim;

/** What can go wrong in the simulated world. Each seed draws which of these happen, and how often. */
public enum Fault {
    /** A message vanishes. */
    DROP,
    /** A message arrives twice. */
    DUPLICATE,
    /** Messages overtake each other, some by a long time. */
    REORDER,
    /** A connection breaks and is made anew; what was in flight is gone. */
    RECONNECT,
    /** The nodes fall apart into two groups that cannot talk. */
    PARTITION,
    /** Some links carry messages in one direction only. */
    ONE_WAY_PARTITION,
    /** One node is cut off, most often the leader. */
    ISOLATION,
    /** Links die here and there, in one direction or in both; many nodes still reach a majority. */
    PARTIAL_PARTITION,
    /** A node loses power: what its disk had not made durable is lost. */
    CRASH,
    /** A node loses power while it writes its log. */
    CRASH_IN_WRITE,
    /** A node loses power while it writes or receives a snapshot. */
    CRASH_IN_SNAPSHOT,
    /** A machine loses all its data, and maybe comes back without it, under its old name. */
    WIPE,
    /** All nodes lose power at once. */
    CRASH_ALL,
    /** A process stands still for a while, as in a long garbage collection. */
    PAUSE,
    /** A disk synchronisation takes very long. */
    SLOW_DISK,
    /** The state machine takes very long. */
    SLOW_APPLY,
    /** Clocks run at different speeds. */
    CLOCK_DRIFT
}
