package io.jangada.verify.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for another process, the one place where a test may look again and again: there is nobody to wake it. */
public final class Waiting {
    private static final long PAUSE_NANOS = 5_000_000;

    private Waiting() {}

    /** Returns the time it took until the condition held. Fails with {@code what} and {@code picture} if it did not within {@code limit}. */
    public static Duration until(String what, Duration limit, BooleanSupplier condition, Supplier<String> picture) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit + ": " + what + "\n" + picture.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
