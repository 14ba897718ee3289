package io.jangada.server.gateway;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
import io.jangada.api.StateMachine;
import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.SnapshotFailedException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Damage;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.TransferOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private MembershipAt membership;
    private List<PeerProgress> progress = List.of();
    private final List<MembershipChange> changes = new ArrayList<>();

    public FakeNode(NodeId self, StateMachine<R> stateMachine) {
        this.self = self;
        this.leader = self;
        this.stateMachine = stateMachine;
        this.membership = new MembershipAt(0, Membership.ofVoters(self));
    }

    /** Pretends that this is the membership. */
    public synchronized void become(Membership now) {
        membership = new MembershipAt(++index, now);
    }

    /** Pretends to know this of the others. */
    public synchronized void know(PeerProgress... peers) {
        progress = List.of(peers);
    }

    /** The membership changes that were asked for, in order. */
    public synchronized List<MembershipChange> changes() {
        return List.copyOf(changes);
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
    public synchronized CompletableFuture<R> propose(byte[] command, Consumer<? super LogPosition> appended) {
        CompletableFuture<R> result = propose(command);
        appended.accept(new LogPosition(index, term));
        return result;
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
        RaftStatus raft =
                new RaftStatus(self, role, term, leader, 1, index, index, index + applyLag, 0, membership, Damage.NONE);
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

    /** Carries the change out at once, except that a new voter stays a learner: it would have to be started first. */
    @Override
    public synchronized CompletableFuture<MembershipAt> changeMembership(MembershipChange change, Duration timeout) {
        calls++;
        changes.add(change);
        Supplier<CompletableFuture<?>> script = scripted.poll();
        if (script != null) {
            return script.get().thenApply(never -> membership);
        }
        if (change.expectedIndex() != MembershipChange.ANY && change.expectedIndex() != membership.index()) {
            return CompletableFuture.failedFuture(new ChangeRefusedException(ChangeRefusal.INDEX_MISMATCH));
        }
        Membership next = membership.membership();
        for (MembershipStep step : change.steps()) {
            next = after(step, next);
        }
        become(next);
        boolean waits = change.steps().stream()
                .anyMatch(step -> step instanceof MembershipStep.AddVoter || step instanceof MembershipStep.Replace);
        return waits ? new CompletableFuture<>() : CompletableFuture.completedFuture(membership);
    }

    private static Membership after(MembershipStep step, Membership now) {
        List<NodeId> voters = new ArrayList<>(now.voters());
        List<NodeId> learners = new ArrayList<>(now.learners());
        SortedMap<NodeId, NodeId> promotions = new TreeMap<>(now.promotions());
        SortedMap<NodeId, MemberInfo> info = new TreeMap<>(now.info());
        NodeId node = step.node();
        if (step instanceof MembershipStep.AddLearner add) {
            learners.add(node);
            info.put(node, add.info());
        } else if (step instanceof MembershipStep.AddVoter add) {
            learners.add(node);
            promotions.put(node, NodeId.NONE);
            info.put(node, add.info());
        } else if (step instanceof MembershipStep.Replace replace) {
            learners.add(node);
            promotions.put(node, replace.leaving());
            info.put(node, replace.info());
        } else if (step instanceof MembershipStep.Describe describe) {
            info.put(node, describe.info());
        } else {
            voters.remove(node);
            learners.remove(node);
            promotions.remove(node);
            if (step instanceof MembershipStep.Promote) {
                voters.add(node);
            } else if (step instanceof MembershipStep.Demote) {
                learners.add(node);
            } else {
                info.remove(node);
            }
        }
        return new Membership(voters, learners, List.of(), promotions, info);
    }

    @Override
    public synchronized CompletableFuture<NodeId> transferLeadership(NodeId target, Duration timeout) {
        Supplier<CompletableFuture<?>> script = scripted.poll();
        if (script != null) {
            return script.get().thenApply(never -> NodeId.NONE);
        }
        if (!leader.equals(self)) {
            return CompletableFuture.failedFuture(new NotLeaderException(leader));
        }
        NodeId next = target.isNone()
                ? membership.membership().voters().stream()
                        .filter(voter -> !voter.equals(self))
                        .findFirst()
                        .orElseThrow()
                : target;
        leader = next;
        term++;
        return CompletableFuture.completedFuture(next);
    }

    @Override
    public void abortTransfer() {}

    @Override
    public CompletableFuture<Void> stepDown() {
        return CompletableFuture.failedFuture(new TransferFailedException(TransferOutcome.NOT_LEADER));
    }

    @Override
    public CompletableFuture<SnapshotMeta> takeSnapshot() {
        return CompletableFuture.failedFuture(new SnapshotFailedException("a fake node takes no snapshots", null));
    }

    @Override
    public synchronized List<PeerProgress> progress() {
        return progress;
    }
}
