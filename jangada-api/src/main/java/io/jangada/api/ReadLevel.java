package io.jangada.api;

import java.time.Duration;

/** How fresh the answer to a read must be. */
public sealed interface ReadLevel {
    /** The default: sees everything that was acknowledged anywhere before the read was asked for. One round of messages, shared by all reads that wait. */
    ReadLevel LINEARIZABLE = new Linearizable();

    /**
     * As {@link #LINEARIZABLE}, without the round while the leader is certain by the clock that nobody else can lead. Rests on clocks that drift apart by no more
     * than {@link io.jangada.core.config.Options#clockDriftPercent}. Where {@link io.jangada.core.config.Options#leaseReads} is not set, and on nodes
     * that do not lead, exactly {@link #LINEARIZABLE}.
     */
    ReadLevel LEASE = new Lease();

    /** Whatever this node has applied, however old: no message, works without a leader. */
    ReadLevel LOCAL = new Local();

    /** At most this much behind {@link #LINEARIZABLE}, by this node's clock: a recent confirmation is used again, so that most reads need no message. */
    static ReadLevel boundedStale(Duration maxLag) {
        return new BoundedStale(maxLag);
    }

    /** See {@link #LINEARIZABLE}. */
    record Linearizable() implements ReadLevel {}

    /** See {@link #LEASE}. */
    record Lease() implements ReadLevel {}

    /** See {@link #LOCAL}. */
    record Local() implements ReadLevel {}

    /** See {@link #boundedStale}. */
    record BoundedStale(Duration maxLag) implements ReadLevel {
        public BoundedStale {
            if (maxLag.isNegative() || maxLag.isZero()) {
                throw new IllegalArgumentException(
                        "maxLag is " + maxLag + "; it must be positive. For no lag at all use LINEARIZABLE");
            }
        }
    }
}
