package io.jangada.testkit.lab;

import io.jangada.api.spi.Clock;
import io.jangada.node.LocalNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Real time: real threads and the clock of this machine. */
public final class RealTime implements LabTime {
    private static final long END_MILLIS = 10_000;

    private final long beganNanos = System.nanoTime();
    private final ScheduledThreadPoolExecutor timers = timer("lab-timer");
    private final Object lock = new Object();
    private final Set<Thread> threads = new HashSet<>();
    private final Set<RendezvousChannel> channels = new HashSet<>();
    private final Set<RunningNode> nodes = new HashSet<>();
    private @Nullable Thread first;
    private @Nullable Throwable failure;
    private boolean interruptedFirst;
    private boolean completed;
    private boolean closing;

    /** One thread that does things when they are due, and nothing after it was shut down. */
    static ScheduledThreadPoolExecutor timer(String name) {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, body -> daemon(body, name), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    private static Thread daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The value of a future that has ended. */
    static <T> T valueOf(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw unchecked(cause == null ? e : cause);
        }
    }

    /** The same if it is unchecked, wrapped if not; an error is thrown. */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    static IllegalStateException stranger() {
        return new IllegalStateException(
                Thread.currentThread().getName() + " is no thread of this lab; use spawn() to make one");
    }

    static IllegalStateException interruptedFromOutside() {
        return new IllegalStateException(
                Thread.currentThread().getName() + " was interrupted by somebody outside the lab");
    }

    @Override
    public boolean isReal() {
        return true;
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
        var unused = guarded(() -> {
            body.run();
            completed = true;
        });
        close();
        synchronized (lock) {
            forgetOwnInterrupt();
            if (failure != null) {
                throw unchecked(failure);
            }
        }
        if (!completed) {
            throw new LabEnded();
        }
    }

    private @Nullable Throwable guarded(Runnable body) {
        try {
            body.run();
        } catch (LabEnded e) {
            // As it should be.
        } catch (RuntimeException | Error e) {
            fail(e);
            return e;
        }
        return null;
    }

    @Override
    public LabThread spawn(String name, Runnable body) {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread thread = daemon(() -> live(body, ended), name);
        synchronized (lock) {
            if (closing) {
                throw new LabEnded();
            }
            threads.removeIf(old -> !old.isAlive());
            thread.start();
            threads.add(thread);
        }
        return () -> await(ended);
    }

    private void live(Runnable body, CompletableFuture<Boolean> ended) {
        Throwable thrown = guarded(body);
        if (thrown == null) {
            ended.complete(true);
        } else {
            ended.completeExceptionally(thrown);
        }
    }

    private void requireGoingOn() {
        Thread me = Thread.currentThread();
        synchronized (lock) {
            if (me != first && !threads.contains(me)) {
                throw stranger();
            }
            if (closing || (failure != null && me == first)) {
                throw new LabEnded();
            }
        }
    }

    /** Whoever is interrupted ends; that is the end of the lab, unless the lab itself wants it. */
    private LabEnded interrupted() {
        synchronized (lock) {
            if (!closing && failure == null) {
                fail(interruptedFromOutside());
            }
        }
        return new LabEnded();
    }

    @Override
    public void sleep(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        requireGoingOn();
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw interrupted();
            }
        }
        requireGoingOn();
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        if (!future.isDone()) {
            requireGoingOn();
            CountDownLatch done = new CountDownLatch(1);
            var unused = future.whenComplete((value, thrown) -> done.countDown());
            try {
                done.await();
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
        return valueOf(future);
    }

    @Override
    public Alarm after(long delayNanos, Runnable action) {
        Runnable task = () -> hop(action);
        ScheduledFuture<?> scheduled = timers.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void hop(Runnable action) {
        var unused = guarded(action);
    }

    @Override
    public void fail(Throwable cause) {
        synchronized (lock) {
            if (failure == null) {
                failure = cause;
                interruptFirst();
            }
        }
    }

    /** Under the lock. */
    private void interruptFirst() {
        if (!closing && first != null && first != Thread.currentThread()) {
            interruptedFirst = true;
            first.interrupt();
        }
    }

    /** Under the lock, by the first thread: an interrupt of the lab's own must not outlive it. */
    private void forgetOwnInterrupt() {
        if (interruptedFirst && Thread.interrupted()) {
            interruptedFirst = false;
        }
    }

    @Override
    public Consumption consumption(String name, Consumer<ApplyMsg> consumer) {
        RendezvousChannel channel = new RendezvousChannel();
        synchronized (lock) {
            channels.add(channel);
        }
        return new Consumption() {
            @Override
            public void begin() {
                var unused = spawn(name, () -> {
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
                synchronized (lock) {
                    channels.remove(channel);
                }
            }
        };
    }

    @Override
    public RunningNode start(LocalNode<?> node) {
        synchronized (lock) {
            if (closing) {
                throw new LabEnded();
            }
            RunningNode running = new ClockedNode(node, this, timers);
            nodes.add(running);
            return () -> {
                running.stop();
                synchronized (lock) {
                    nodes.remove(running);
                }
            };
        }
    }

    @Override
    public void close() {
        List<Thread> leftThreads;
        List<RendezvousChannel> leftChannels;
        List<RunningNode> leftNodes;
        synchronized (lock) {
            if (first == Thread.currentThread()) {
                forgetOwnInterrupt();
            } else {
                interruptFirst();
            }
            closing = true;
            leftThreads = new ArrayList<>(threads);
            leftChannels = new ArrayList<>(channels);
            leftNodes = new ArrayList<>(nodes);
        }
        leftThreads.remove(Thread.currentThread());
        timers.shutdownNow();
        leftThreads.forEach(Thread::interrupt);
        // A node that waits in a channel cannot end before that is closed.
        leftChannels.forEach(RendezvousChannel::close);
        leftNodes.forEach(RunningNode::stop);
        leftThreads.forEach(this::awaitEnd);
        awaitTimers();
    }

    private void awaitEnd(Thread thread) {
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (thread.isAlive()) {
            fail(new IllegalStateException("thread " + thread.getName() + " has not ended " + END_MILLIS
                    + " ms after the lab; does it wait for something else than this time?"));
        }
    }

    private void awaitTimers() {
        try {
            if (!timers.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                fail(new IllegalStateException("an action of the lab's timer has not ended " + END_MILLIS
                        + " ms after the lab; actions must not block"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
