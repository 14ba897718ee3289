package io.jangada.api.spi;

/** Monotonic time. */
public interface Clock {

    /** The clock of this machine. */
    Clock SYSTEM = System::nanoTime;

    /** Nanoseconds since some fixed moment; never goes back. Called from any thread. */
    long nanoTime();
}
