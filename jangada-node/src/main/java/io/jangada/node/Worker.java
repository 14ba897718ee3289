package io.jangada.node;

/**
 * A piece of a node that does its work in steps and owns no thread: production gives each one a thread, the simulator calls them in an order of its choice.
 *
 * <p>One thread at a time calls {@link #runOnce}.
 */
public interface Worker {

    /** Does what there is to do; returns when it wants to run again at the latest, on the clock of {@code nowNanos}, or {@link Long#MAX_VALUE}. */
    long runOnce(long nowNanos);

    /** What the worker is, for the names of threads. */
    String roleName();

    /** Has the signal called, on any thread, whenever new work for {@link #runOnce} arrives. Set before any work does. */
    void onWork(Runnable signal);
}
