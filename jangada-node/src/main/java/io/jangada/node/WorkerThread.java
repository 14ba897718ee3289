package io.jangada.node;

import io.jangada.api.spi.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A thread that runs one worker: sleeps until there is work or a deadline, never polls. */
final class WorkerThread implements Runner {
    private final Worker worker;
    private final Clock clock;
    private final Thread thread;
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile boolean stopping;

    WorkerThread(Worker worker, Clock clock, String name) {
        this.worker = worker;
        this.clock = clock;
        this.thread = new Thread(this::run, name);
        worker.onWork(this::wake);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void wake() {
        if (!signalled.get() && signalled.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!stopping) {
            signalled.set(false);
            long deadline = worker.runOnce(clock.nanoTime());
            // What runs in a step may park too and eat the permit of stop(), so the flag is looked at again before
            // sleeping.
            if (!signalled.get() && !stopping) {
                sleepUntil(deadline);
            }
        }
    }

    private void sleepUntil(long deadlineNanos) {
        if (deadlineNanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            long wait = deadlineNanos - clock.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void stop() {
        stopping = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && !isCurrent()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
