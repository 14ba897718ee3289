package io.jangada.testkit.lab;

import io.jangada.api.spi.Clock;
import io.jangada.node.LocalNode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The time in which a lab runs, and whatever waits in it: virtual ({@link VirtualTime}) or real ({@link RealTime}).
 *
 * <p>A scenario is written once as ordinary, blocking code against this interface and runs in both. Only the threads that were made by {@link #run} and {@link #spawn} may
 * sleep and await; when the lab ends, they are ended by a {@link LabEnded} out of whatever they wait for. Whoever interrupts one of them from outside ends the lab.
 */
public interface LabTime extends AutoCloseable {

    /** A thread of a scenario. */
    interface LabThread {
        /** Waits until it has ended; throws what it threw, by which the lab is over. */
        void join();
    }

    /** A node whose parts are at work. */
    interface RunningNode {
        /** Stops it; when this returns nothing of it runs any more. */
        void stop();
    }

    /** Where a consumer takes messages from, once it has begun. */
    interface Consumption extends ApplyChannel {
        /** From now on the consumer takes what is put in. */
        void begin();
    }

    /** An action that will be done. */
    interface Alarm {
        /** The action is of no use any more. It may be done nevertheless. */
        void cancel();
    }

    /** Whether the threads and the clock are those of this machine. Then to ask another thread for what is known already costs more than the answer. */
    boolean isReal();

    /** The clock of everything in the lab. */
    Clock clock();

    /** Nanoseconds since the lab began. */
    long elapsedNanos();

    /**
     * Runs the body as the first thread of the lab, and closes the lab. Called once.
     *
     * @throws RuntimeException what the body threw, or what {@link #fail} was told; if the lab was closed before the body was over, a {@link LabEnded}
     */
    void run(Runnable body);

    /** Starts a thread of the scenario. */
    LabThread spawn(String name, Runnable body);

    /** Stands still for so many milliseconds. */
    void sleep(long millis);

    /** Waits for a future; throws what it failed with, as it is if it is unchecked. */
    <T> T await(CompletableFuture<T> future);

    /** Has the action done after so many nanoseconds. It must not block. */
    Alarm after(long delayNanos, Runnable action);

    /** Has the action done as soon as a message can travel. It must not block. */
    void hop(Runnable action);

    /** A channel whose messages this consumer gets, one after the other, on a thread of its own. It must not block. */
    Consumption consumption(String name, Consumer<ApplyMsg> consumer);

    /** Sets the parts of a node to work. */
    RunningNode start(LocalNode<?> node);

    /** Ends the lab: {@link #run} throws this as soon as it can. The first one counts. Any thread. */
    void fail(Throwable cause);

    /** Ends all threads of the lab, and stops the nodes that run. */
    @Override
    void close();
}
