package io.jangada.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One running node of a replicated group.
 *
 * <p>Every method may be called from any thread and returns at once. Futures complete on threads of the node: do not block in
 * what you chain to them. A future that fails does so with one of the exceptions in {@code io.jangada.api.error}, each of which says
 * through {@link io.jangada.api.error.RaftException#safeToRetry} whether the request may be repeated without risk of happening twice.
 *
 * @param <R> the result of a command
 */
public interface RaftNode<R> extends AutoCloseable {

    /**
     * Replicates a command, applies it, and completes with the result of this node's own state machine.
     *
     * <p>Completes only after the command is durable on a majority and applied here, so that a later {@link #read} on this node sees it.
     * On a follower the command is handed on to the leader. The array must not be changed any more.
     */
    CompletableFuture<R> propose(byte[] command);

    /**
     * Completes with an applied index that makes a read of this node's state machine linearizable: the state then
     * contains every command that was acknowledged anywhere before this call. Costs no log entry and no disk access; repeating is always safe.
     */
    CompletableFuture<Long> readBarrier();

    /**
     * Runs a query linearizably: after {@link #readBarrier}, on the thread that applies commands, so the state machine needs no
     * locks. Keep it short, commands wait for it. An exception of the query becomes the future's.
     */
    <Q> CompletableFuture<Q> read(Supplier<? extends Q> query);

    /** The present state of this node. */
    NodeStatus status();

    /**
     * Calls the listener with every change of role, term, leader or health, in order, on a thread of the node, starting with the present
     * status. Do not block in it.
     */
    void onStatusChange(Consumer<NodeStatus> listener);

    /**
     * Stops the node; waiting requests fail with {@link io.jangada.api.error.NodeClosedException} or an unknown outcome. Returns when its
     * threads have ended and its files are closed, so it may not be called on a thread of the node, in a callback: that throws
     * {@link IllegalStateException} and closes nothing.
     */
    @Override
    void close();
}
