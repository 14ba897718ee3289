package io.jangada.api;

import io.jangada.core.model.LogPosition;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.SnapshotMeta;
import java.time.Duration;
import java.util.List;
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
     * As {@link #propose(byte[])}, and tells where a leader has put the command, as soon as that is known here: long before it is committed, if it ever is.
     *
     * <p>The command takes effect if and only if the entry applied at that index has that term. Told at most once, on a thread of the node: do not block in it; not told
     * if the command is refused, or if its outcome becomes unknown first.
     */
    CompletableFuture<R> propose(byte[] command, Consumer<? super LogPosition> appended);

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

    /** As {@link #read(Supplier)}, with another freshness than linearizable. */
    <Q> CompletableFuture<Q> read(ReadLevel level, Supplier<? extends Q> query);

    /**
     * Changes the membership, through the leader, wherever it is asked for. Completes with the membership after the change, when that is committed and applied here
     * and no part of the change is under way any more: for {@link io.jangada.core.model.MembershipStep.AddVoter} when the new member votes.
     *
     * <p>Fails with {@link io.jangada.api.error.ChangeRefusedException}, which says what to do, or with an unknown outcome: then look at the membership in {@link
     * #status}. A change with {@link MembershipChange#ifAt} is always safe to repeat.
     *
     * @param timeout how long to wait; a change that adds a voter takes as long as sending it the state
     */
    CompletableFuture<MembershipAt> changeMembership(MembershipChange change, Duration timeout);

    /**
     * Makes another voter lead. Only the leader can: on any other node this fails with {@link io.jangada.api.error.NotLeaderException}. Commands that arrive meanwhile
     * wait for the next leader. Completes with the new leader; fails with {@link io.jangada.api.error.TransferFailedException}, after which this node leads on.
     *
     * @param target the voter, or {@link NodeId#NONE} for the one that is furthest
     * @param timeout how long the target may take before the transfer is given up; an election timeout is enough for one that is not behind
     */
    CompletableFuture<NodeId> transferLeadership(NodeId target, Duration timeout);

    /** Gives up a transfer of leadership that is under way; without one, nothing happens. */
    void abortTransfer();

    /** Stops leading now, whoever comes next, and stays out of the next election for a while. {@link #transferLeadership} costs the clients less. */
    CompletableFuture<Void> stepDown();

    /** Takes a snapshot now. Completes when it is durable; fails with {@link io.jangada.api.error.SnapshotFailedException}. */
    CompletableFuture<SnapshotMeta> takeSnapshot();

    /** How far each of the others is, as this leader knows it a heartbeat ago; empty on a node that does not lead. */
    List<PeerProgress> progress();

    /** The present state of this node. */
    NodeStatus status();

    /**
     * Calls the listener with every change of role, term, leader, membership or health, in order, on a thread of the node, starting with the present
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
