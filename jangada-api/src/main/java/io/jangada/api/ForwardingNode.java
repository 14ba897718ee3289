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
 * A node that hands every call on to another one, to be extended by whoever wants to change a few of them.
 *
 * @param <R> the result of a command
 */
public abstract class ForwardingNode<R> implements RaftNode<R> {
    private final RaftNode<R> node;

    protected ForwardingNode(RaftNode<R> node) {
        this.node = node;
    }

    /** The node behind this one. */
    protected final RaftNode<R> node() {
        return node;
    }

    @Override
    public CompletableFuture<R> propose(byte[] command) {
        return node.propose(command);
    }

    @Override
    public CompletableFuture<R> propose(byte[] command, Consumer<? super LogPosition> appended) {
        return node.propose(command, appended);
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
        return node.readBarrier();
    }

    @Override
    public <Q> CompletableFuture<Q> read(Supplier<? extends Q> query) {
        return node.read(query);
    }

    @Override
    public <Q> CompletableFuture<Q> read(ReadLevel level, Supplier<? extends Q> query) {
        return node.read(level, query);
    }

    @Override
    public CompletableFuture<MembershipAt> changeMembership(MembershipChange change, Duration timeout) {
        return node.changeMembership(change, timeout);
    }

    @Override
    public CompletableFuture<NodeId> transferLeadership(NodeId target, Duration timeout) {
        return node.transferLeadership(target, timeout);
    }

    @Override
    public void abortTransfer() {
        node.abortTransfer();
    }

    @Override
    public CompletableFuture<Void> stepDown() {
        return node.stepDown();
    }

    @Override
    public CompletableFuture<SnapshotMeta> takeSnapshot() {
        return node.takeSnapshot();
    }

    @Override
    public List<PeerProgress> progress() {
        return node.progress();
    }

    @Override
    public NodeStatus status() {
        return node.status();
    }

    @Override
    public void onStatusChange(Consumer<NodeStatus> listener) {
        node.onStatusChange(listener);
    }

    @Override
    public void close() {
        node.close();
    }
}
