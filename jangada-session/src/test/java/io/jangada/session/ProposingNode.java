package io.jangada.session;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
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

/** A node that can do nothing but propose. */
record ProposingNode(Proposer<String> proposer) implements RaftNode<SessionReply<String>> {
    @Override
    public CompletableFuture<SessionReply<String>> propose(byte[] command) {
        return proposer.propose(command);
    }

    @Override
    public CompletableFuture<SessionReply<String>> propose(byte[] command, Consumer<? super LogPosition> appended) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <Q> CompletableFuture<Q> read(Supplier<? extends Q> query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <Q> CompletableFuture<Q> read(ReadLevel level, Supplier<? extends Q> query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<MembershipAt> changeMembership(MembershipChange change, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<NodeId> transferLeadership(NodeId target, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abortTransfer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> stepDown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SnapshotMeta> takeSnapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<PeerProgress> progress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public NodeStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onStatusChange(Consumer<NodeStatus> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
