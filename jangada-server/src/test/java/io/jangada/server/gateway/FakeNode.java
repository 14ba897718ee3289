package io.jangada.server.gateway;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
import io.jangada.api.StateMachine;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node of a group of one that applies at once, and fails, waits or loses its leader when told to. */
public final class FakeNode<R> implements RaftNode<R> {
    private final StateMachine<R> stateMachine;
    private final List<Consumer<NodeStatus>> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Supplier<CompletableFuture<?>>> scripted = new ArrayDeque<>();
    private final NodeId self;
    private NodeStatus.Health health = NodeStatus.Health.RUNNING;
    private @Nullable Throwable failure;
    private NodeId leader;
    private long term = 3;
    private long index;
    private long applyLag;
    private int calls;

    public FakeNode(NodeId self, StateMachine<R> stateMachine) {
        this.self = self;
        this.leader = self;
        this.stateMachine = stateMachine;
    }

    /** Answers the next proposal or barrier with this failure instead. */
    public synchronized void failNext(Throwable cause) {
        scripted.add(() -> CompletableFuture.failedFuture(cause));
    }

    /** Leaves the next proposal or barrier without an answer. */
    public synchronized void hangNext() {
        scripted.add(CompletableFuture::new);
    }

    /** Changes leader and term, and tells all listeners. */
    public void lead(NodeId newLeader, long newTerm) {
        synchronized (this) {
            leader = newLeader;
            term = newTerm;
        }
        listeners.forEach(listener -> listener.accept(status()));
    }

    /** Stops as a node with a broken disk does. */
    public void fail(Throwable cause) {
        synchronized (this) {
            health = NodeStatus.Health.FAILED;
            failure = cause;
        }
        listeners.forEach(listener -> listener.accept(status()));
    }

    /** Pretends that this many committed entries are not applied yet. */
    public synchronized void lagBehind(long entries) {
        applyLag = entries;
    }

    /** How many proposals and barriers there were. */
    public synchronized int calls() {
        return calls;
    }

    @Override
    public synchronized CompletableFuture<R> propose(byte[] command) {
        calls++;
        Supplier<CompletableFuture<?>> script = scripted.poll();
        if (script != null) {
            return script.get().thenApply(never -> {
                throw new IllegalStateException("a scripted answer is a failure");
            });
        }
        index++;
        R result = stateMachine.apply(index, term, command);
        stateMachine.batchApplied(index);
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public synchronized CompletableFuture<Long> readBarrier() {
        calls++;
        Supplier<CompletableFuture<?>> script = scripted.poll();
        if (script != null) {
            return script.get().thenApply(never -> -1L);
        }
        return CompletableFuture.completedFuture(index);
    }

    @Override
    public <Q> CompletableFuture<Q> read(Supplier<? extends Q> query) {
        return readBarrier().thenApply(applied -> query.get());
    }

    @Override
    public synchronized NodeStatus status() {
        RoleName role = leader.equals(self) ? RoleName.LEADER : RoleName.FOLLOWER;
        RaftStatus raft = new RaftStatus(
                self,
                role,
                term,
                leader,
                1,
                index,
                index,
                index + applyLag,
                0,
                new MembershipAt(0, Membership.ofVoters(self)));
        return new NodeStatus(health, raft, index, failure);
    }

    @Override
    public void onStatusChange(Consumer<NodeStatus> listener) {
        listeners.add(listener);
        listener.accept(status());
    }

    @Override
    public void close() {
        synchronized (this) {
            health = NodeStatus.Health.CLOSED;
        }
        listeners.forEach(listener -> listener.accept(status()));
    }

    @Override
    public <Q> CompletableFuture<Q> read(ReadLevel level, Supplier<? extends Q> query) {
        return read(query);
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
    public void abortTransfer() {}

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
        return List.of();
    }
}
