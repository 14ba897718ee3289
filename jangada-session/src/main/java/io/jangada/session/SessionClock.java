package io.jangada.session;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time and the timers of sessions: those of the machine, or of a simulation. Called from any thread. */
public interface SessionClock {

    /** Milliseconds since 1970, for log time. Need not be exact: what counts is that it moves. */
    long epochMillis();

    /** Nanoseconds since some fixed moment; never goes back. */
    long nanoTime();

    /** Runs a task once, after so many nanoseconds, at least 0. The task is short. What users chain to futures of a session may run in it. */
    void after(long delayNanos, Runnable task);

    /** The clock of this machine; timers run on one thread that all sessions of the process share and that ends when there are none. */
    static SessionClock system() {
        return SharedTimer.CLOCK;
    }

    /** The clock of this machine, with timers on an executor of yours. It must live longer than the sessions. */
    static SessionClock on(ScheduledExecutorService executor) {
        return new SessionClock() {
            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void after(long delayNanos, Runnable task) {
                Future<?> unused = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            }
        };
    }
}
