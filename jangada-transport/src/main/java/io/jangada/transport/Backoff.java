package io.jangada.transport;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt to connect: doubling, bounded, and shortened by chance so that nodes do not dial in step. For one thread. */
final class Backoff {
    private final long minNanos;
    private final long maxNanos;
    private long nextNanos;

    Backoff(long minNanos, long maxNanos) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        this.nextNanos = minNanos;
    }

    long nextDelayNanos() {
        long ceiling = nextNanos;
        nextNanos = Math.min(maxNanos, ceiling * 2);
        return ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2 + 1);
    }

    /** Starts again from the shortest pause. */
    void reset() {
        nextNanos = minNanos;
    }
}
