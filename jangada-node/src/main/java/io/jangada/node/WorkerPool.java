package io.jangada.node;

import io.jangada.api.spi.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that many nodes of a process share: each worker of each node runs on one of them at a time, when it has work or its deadline has come.
 *
 * <p>Three kinds of threads, so that what blocks does not hold up what must not: the protocol; the disk and the state machines; and what may take long, snapshots and
 * reads for followers that are behind. Thread-safe. Close it after the nodes.
 */
public final class WorkerPool implements AutoCloseable {

    /** How many threads of each kind; at least one of each. The disk and the state machines of all nodes share theirs, and a synchronisation holds one. */
    public record Sizes(int loops, int disks, int slow) {
        public Sizes {
            if (loops < 1 || disks < 1 || slow < 1) {
                throw new IllegalArgumentException(
                        "a pool needs at least one thread of each kind, not " + loops + ", " + disks + " and " + slow);
            }
        }
    }

    /** The kinds of threads. */
    enum Kind {
        LOOP,
        DISK,
        SLOW
    }

    private final ExecutorService loops;
    private final ExecutorService disks;
    private final ExecutorService slow;
    private final ScheduledThreadPoolExecutor timer;

    private WorkerPool(String name, Sizes sizes) {
        loops = executor(name + "-loop", sizes.loops());
        disks = executor(name + "-disk", sizes.disks());
        slow = executor(name + "-slow", sizes.slow());
        timer = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name + "-timer"));
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Starts a pool; the name is that of its threads. */
    public static WorkerPool start(String name, Sizes sizes) {
        return new WorkerPool(name, sizes);
    }

    private static ExecutorService executor(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        // A worker waits in the queue once at most, so the number of workers bounds it.
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, name + "-" + number.incrementAndGet()));
    }

    Runner runnerFor(Worker worker, Kind kind, Clock clock) {
        ExecutorService executor =
                switch (kind) {
                    case LOOP -> loops;
                    case DISK -> disks;
                    case SLOW -> slow;
                };
        return new Turns(worker, executor, clock);
    }

    /** Ends the threads, after the steps they are in. */
    @Override
    public void close() {
        timer.shutdownNow();
        loops.shutdown();
        disks.shutdown();
        slow.shutdown();
    }

    /** The turns of one worker: never two at a time, and another one after a signal that came during the last. */
    private final class Turns implements Runner {
        private final Worker worker;
        private final ExecutorService executor;
        private final Clock clock;
        private boolean queued;
        private boolean signalled;
        private boolean stopping;
        private @Nullable Thread running;
        private @Nullable ScheduledFuture<?> alarm;
        private long alarmAtNanos;

        Turns(Worker worker, ExecutorService executor, Clock clock) {
            this.worker = worker;
            this.executor = executor;
            this.clock = clock;
        }

        @Override
        public void start() {
            worker.onWork(this::wake);
            wake();
        }

        private synchronized void wake() {
            if (queued || stopping) {
                return;
            }
            if (running == null) {
                queued = true;
                executor.execute(this::run);
            } else {
                signalled = true;
            }
        }

        private void run() {
            synchronized (this) {
                queued = false;
                if (stopping) {
                    return;
                }
                signalled = false;
                running = Thread.currentThread();
            }
            long deadlineNanos = Long.MAX_VALUE;
            try {
                deadlineNanos = worker.runOnce(clock.nanoTime());
            } finally {
                ended(deadlineNanos);
            }
        }

        private synchronized void ended(long deadlineNanos) {
            running = null;
            notifyAll();
            if (signalled) {
                wake();
            } else if (deadlineNanos != Long.MAX_VALUE && !stopping) {
                setAlarm(deadlineNanos);
            }
        }

        /** An alarm that goes off too early costs an empty turn; one for each turn would cost more. */
        private void setAlarm(long deadlineNanos) {
            if (alarm != null && alarmAtNanos - deadlineNanos <= 0) {
                return;
            }
            cancelAlarm();
            long wait = deadlineNanos - clock.nanoTime();
            if (wait <= 0) {
                wake();
            } else {
                alarmAtNanos = deadlineNanos;
                alarm = timer.schedule(this::ring, wait, TimeUnit.NANOSECONDS);
            }
        }

        private synchronized void ring() {
            alarm = null;
            wake();
        }

        private void cancelAlarm() {
            ScheduledFuture<?> present = alarm;
            if (present != null) {
                present.cancel(false);
                alarm = null;
            }
        }

        @Override
        public synchronized boolean isCurrent() {
            return running == Thread.currentThread();
        }

        @Override
        public synchronized void stop() {
            stopping = true;
            cancelAlarm();
            boolean interrupted = false;
            while (running != null && !isCurrent()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
