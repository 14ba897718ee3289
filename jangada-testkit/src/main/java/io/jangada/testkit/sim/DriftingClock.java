package io.jangada.testkit.sim;

import io.jangada.api.spi.Clock;

/** The clock of one machine: starts anywhere, runs a little too fast or too slow. */
final class DriftingClock implements Clock {
    private static final long MILLION = 1_000_000;

    private final Scheduler scheduler;
    private final long driftPpm;
    private final long offsetNanos;

    DriftingClock(Scheduler scheduler, long driftPpm, long offsetNanos) {
        this.scheduler = scheduler;
        this.driftPpm = driftPpm;
        this.offsetNanos = offsetNanos;
    }

    @Override
    public long nanoTime() {
        long now = scheduler.now();
        return offsetNanos + now + now / MILLION * driftPpm;
    }

    /** The virtual time at which this clock shows {@code localNanos} at the latest. */
    long whenIs(long localNanos) {
        long elapsed = localNanos - offsetNanos;
        return elapsed - elapsed / (MILLION + driftPpm) * driftPpm + Math.abs(driftPpm);
    }
}
