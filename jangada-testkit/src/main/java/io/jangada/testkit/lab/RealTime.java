package io.jangada.testkit.lab;

import io.jangada.api.spi.Clock;
import io.jangada.node.LocalNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Real time: real threads and the clock of this machine. */
public final class RealTime implements LabTime {
    private final long beganNanos = System.nanoTime();
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, RealTime::daemon);
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Runnable> atEnd = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private @Nullable Thread first;
    private @Nullable Throwable failure;
    private volatile boolean closing;

    public RealTime() {
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "lab-timer");
        thread.setDaemon(true);
        return thread;
    }

    /** The value of a future that has ended. */
    static <T> T valueOf(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw unchecked(cause == null ? e : cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabEnded();
        }
    }

    /** The same if it is unchecked, wrapped if not; an error is thrown. */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    @Override
    public Clock clock() {
        return Clock.SYSTEM;
    }

    @Override
    public long elapsedNanos() {
        return System.nanoTime() - beganNanos;
    }

    @Override
    public void run(Runnable body) {
        synchronized (lock) {
            if (first != null) {
                throw new IllegalStateException("a lab is run once");
            }
            first = Thread.currentThread();
        }
        guarded(body);
        close();
        synchronized (lock) {
            if (failure != null) {
                throw unchecked(failure);
            }
        }
    }

    private void guarded(Runnable body) {
        try {
            body.run();
        } catch (LabEnded e) {
            // As it should be.
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    @Override
    public LabThread spawn(String name, Runnable body) {
        return begin(new Thread(() -> guarded(body), name));
    }

    private LabThread begin(Thread thread) {
        thread.setDaemon(true);
        threads.removeIf(old -> !old.isAlive());
        thread.start();
        threads.add(thread);
        return () -> join(thread);
    }

    private void join(Thread thread) {
        try {
            thread.join();
            requireGoingOn();
        } catch (InterruptedException e) {
            throw new LabEnded();
        }
        threads.remove(thread);
    }

    private void requireGoingOn() {
        if (closing) {
            throw new LabEnded();
        }
        synchronized (lock) {
            if (failure != null && Thread.currentThread() == first) {
                throw new LabEnded();
            }
        }
    }

    @Override
    public void sleep(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        requireGoingOn();
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new LabEnded();
            }
        }
        requireGoingOn();
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        requireGoingOn();
        return valueOf(future);
    }

    @Override
    public void after(long delayNanos, Runnable action) {
        if (!closing) {
            var unused = timers.schedule(() -> guarded(action), delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void hop(Runnable action) {
        action.run();
    }

    @Override
    public void fail(Throwable cause) {
        synchronized (lock) {
            if (failure == null) {
                failure = cause;
                if (first != null && first != Thread.currentThread()) {
                    first.interrupt();
                }
            }
        }
    }

    @Override
    public Consumption consumption(String name, Consumer<ApplyMsg> consumer) {
        RendezvousChannel channel = new RendezvousChannel();
        return new Consumption() {
            @Override
            public void begin() {
                spawn(name, () -> {
                    for (ApplyMsg next = channel.take(); next != null; next = channel.take()) {
                        consumer.accept(next);
                    }
                });
            }

            @Override
            public void put(ApplyMsg message) {
                channel.put(message);
            }

            @Override
            public void close() {
                channel.close();
            }
        };
    }

    @Override
    public RunningNode start(LocalNode<?> node) {
        node.start();
        return node::close;
    }

    @Override
    public void atEnd(Runnable action) {
        atEnd.add(action);
    }

    @Override
    public void close() {
        closing = true;
        timers.shutdownNow();
        Thread.interrupted();
        for (Thread thread : threads) {
            thread.interrupt();
        }
        // Before anybody is waited for: who takes from a channel may wait for who puts into it.
        atEnd.forEach(this::guarded);
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        threads.clear();
    }
}
