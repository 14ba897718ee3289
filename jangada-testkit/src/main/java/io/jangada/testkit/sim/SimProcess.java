package io.jangada.testkit.sim;

import io.jangada.api.RaftNode;

/**
 * A running node whose parts the simulator calls one by one, in place of the threads they have in production.
 *
 * <p>The only thing the simulator knows of the code under test besides its ports and {@link RaftNode}.
 */
public interface SimProcess {

    /** The parts of a node that work on their own. */
    enum Part {
        /** The protocol. */
        LOOP,
        /** The only writer of the log. */
        JOURNAL,
        /** The only caller of the state machine. */
        APPLY,
        /** Everything that may wait. */
        BACKGROUND,
        /** Writes snapshots. */
        SNAPSHOT
    }

    /** Lets a part do what there is to do; returns when it wants to run again at the latest, on the node's clock, or {@link Long#MAX_VALUE}. */
    long run(Part part, long nowNanos);

    /** Has the signal called whenever there is new work for the part. Set before anything runs. */
    void onWork(Part part, Runnable signal);

    /** The node as its users see it. */
    RaftNode<Long> node();

    /** Starts a node on a machine. */
    @FunctionalInterface
    interface Factory {
        SimProcess start(Machine machine);
    }
}
