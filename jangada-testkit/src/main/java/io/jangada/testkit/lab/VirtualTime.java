package io.jangada.testkit.lab;

import io.jangada.api.spi.Clock;
import io.jangada.node.LocalNode;
import io.jangada.testkit.sim.Scheduler;
import io.jangada.testkit.sim.SimRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: one thread at a time, in an order that the seed decides, and no waiting.
 *
 * <p>Whichever thread waits carries out what is planned until its own turn has come, so a scenario of one thread never changes threads at all; the turn is
 * passed on like a baton only where a scenario has several.
 */
public final class VirtualTime implements LabTime {
    private static final long MAX_EVENTS = 100_000_000;

    private final Scheduler scheduler = new Scheduler();
    private final SimRandom chance;
    private final Deque<Fiber> woken = new ArrayDeque<>();
    private final List<Fiber> alive = new ArrayList<>();
    private volatile @Nullable Fiber running;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable Fiber first;
    private boolean happening;
    private boolean completed;
    private boolean closing;

    public VirtualTime(long seed) {
        this.chance = new SimRandom(seed).fork("virtual time");
    }

    /** A thread that runs only while it holds the baton. */
    private final class Fiber implements LabThread {
        private final Thread thread;
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private boolean begun;
        private boolean isWoken;
        private boolean over;

        /** The thread that has called {@link #run}. */
        Fiber() {
            this.thread = Thread.currentThread();
            this.begun = true;
        }

        Fiber(String name, Runnable body) {
            this.thread = new Thread(() -> live(body), name);
            thread.setDaemon(true);
        }

        private void live(Runnable body) {
            awaitBaton();
            Throwable thrown = closing ? null : guarded(body);
            over = true;
            alive.remove(this);
            if (thrown == null) {
                ended.complete(true);
            } else {
                ended.completeExceptionally(thrown);
            }
            passOnAtTheEnd();
        }

        void awaitBaton() {
            boolean interrupted = false;
            while (running != this) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void join() {
            await(ended);
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

    private void wake(Fiber fiber) {
        if (!fiber.isWoken && !fiber.over) {
            fiber.isWoken = true;
            woken.add(fiber);
        }
    }

    /** Whose turn it is: after a failure always the first thread's, which ends the lab. */
    private @Nullable Fiber nextWoken() {
        if (failure.get() != null) {
            return first;
        }
        Fiber next = woken.poll();
        while (next != null && next.over) {
            // It found by itself that it need not wait any more, went on and ended.
            next = woken.poll();
        }
        if (next != null) {
            next.isWoken = false;
        }
        return next;
    }

    private void pass(Fiber next) {
        running = next;
        if (next.begun) {
            LockSupport.unpark(next.thread);
        } else {
            next.begun = true;
            next.thread.start();
        }
    }

    private Fiber current() {
        Fiber present = running;
        if (present == null || present.thread != Thread.currentThread()) {
            throw RealTime.stranger();
        }
        return present;
    }

    /** What is planned before the lab runs may be planned by anybody. */
    private void requireNoStranger() {
        Fiber present = running;
        if (present != null && present.thread != Thread.currentThread()) {
            throw RealTime.stranger();
        }
    }

    private void waitUntil(BooleanSupplier isOver) {
        Fiber me = current();
        if (happening) {
            throw new IllegalStateException(
                    "what happens by itself, a timer, a message or a consumer, must not wait; spawn() a thread that does");
        }
        requireGoingOn(me);
        while (!isOver.getAsBoolean()) {
            Fiber next = nextWoken();
            if (next == null) {
                advance();
            } else if (next != me) {
                pass(next);
                me.awaitBaton();
            }
            requireGoingOn(me);
        }
    }

    private void requireGoingOn(Fiber me) {
        if (Thread.interrupted()) {
            fail(RealTime.interruptedFromOutside());
        }
        if (closing || (me == first && failure.get() != null)) {
            throw new LabEnded();
        }
    }

    /** A thread has ended and has the baton still. */
    private void passOnAtTheEnd() {
        Fiber main = first;
        if (main == null) {
            throw new IllegalStateException("a thread of a lab that never began");
        }
        Fiber next = closing ? main : nextWoken();
        while (next == null) {
            advance();
            next = nextWoken();
        }
        pass(next);
    }

    private void advance() {
        happening = true;
        var unused = guarded(() -> {
            if (!scheduler.runNext()) {
                throw new IllegalStateException("every thread of the lab waits, and nothing is planned");
            }
            if (scheduler.executed() > MAX_EVENTS) {
                throw new IllegalStateException("the lab is still busy after " + MAX_EVENTS + " events");
            }
        });
        happening = false;
    }

    @Override
    public void run(Runnable body) {
        if (first != null) {
            throw new IllegalStateException("a lab is run once");
        }
        Fiber main = new Fiber();
        first = main;
        running = main;
        var unused = guarded(() -> {
            body.run();
            completed = true;
        });
        close();
        Throwable cause = failure.get();
        if (cause != null) {
            throw RealTime.unchecked(cause);
        }
        if (!completed) {
            throw new LabEnded();
        }
    }

    /** To be called by the thread that has called {@link #run}, or when there is none. */
    @Override
    public void close() {
        Fiber main = first;
        if (main != null && main.thread != Thread.currentThread()) {
            throw new IllegalStateException("virtual time is closed by the thread that runs it; use fail() in "
                    + Thread.currentThread().getName());
        }
        closing = true;
        alive.removeIf(fiber -> !fiber.begun);
        while (main != null && !alive.isEmpty()) {
            pass(alive.get(0));
            main.awaitBaton();
        }
    }

    @Override
    public LabThread spawn(String name, Runnable body) {
        requireNoStranger();
        if (closing) {
            throw new LabEnded();
        }
        Fiber fiber = new Fiber(name, body);
        alive.add(fiber);
        scheduler.after(chance.between(1_000, 20_000), () -> wake(fiber));
        return fiber;
    }

    @Override
    public void sleep(long millis) {
        long until = scheduler.now() + TimeUnit.MILLISECONDS.toNanos(millis);
        Fiber me = current();
        scheduler.at(until, () -> wake(me));
        waitUntil(() -> scheduler.now() >= until);
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        if (!future.isDone()) {
            Fiber me = current();
            var unused = future.whenComplete((value, thrown) -> wake(me));
            waitUntil(future::isDone);
        }
        return RealTime.valueOf(future);
    }

    @Override
    public Alarm after(long delayNanos, Runnable action) {
        requireNoStranger();
        scheduler.after(delayNanos, action);
        return () -> {
            // To be woken costs nothing here.
        };
    }

    @Override
    public void hop(Runnable action) {
        requireNoStranger();
        scheduler.after(20_000 + chance.exponential(30_000), action);
    }

    @Override
    public boolean isReal() {
        return false;
    }

    @Override
    public Clock clock() {
        return scheduler::now;
    }

    @Override
    public long elapsedNanos() {
        return scheduler.now();
    }

    @Override
    public void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    @Override
    public Consumption consumption(String name, Consumer<ApplyMsg> consumer) {
        return new VirtualConsumption(consumer);
    }

    @Override
    public RunningNode start(LocalNode<?> node) {
        return new SteppedNode(node, scheduler, chance.fork("node " + chance.next()));
    }

    /** A channel that is never full; its consumer is called when it is its turn. */
    private final class VirtualConsumption implements Consumption {
        private final Consumer<ApplyMsg> consumer;
        private final Deque<ApplyMsg> queue = new ArrayDeque<>();
        private boolean begun;
        private boolean planned;
        private boolean closed;

        VirtualConsumption(Consumer<ApplyMsg> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void put(ApplyMsg message) {
            if (!closed) {
                queue.add(message);
                plan();
            }
        }

        @Override
        public void begin() {
            begun = true;
            plan();
        }

        private void plan() {
            if (begun && !planned && !closed && !queue.isEmpty()) {
                planned = true;
                scheduler.after(chance.between(500, 5_000), this::consume);
            }
        }

        private void consume() {
            planned = false;
            ApplyMsg next = closed ? null : queue.poll();
            if (next != null) {
                consumer.accept(next);
                plan();
            }
        }

        @Override
        public void close() {
            closed = true;
            queue.clear();
        }
    }
}
