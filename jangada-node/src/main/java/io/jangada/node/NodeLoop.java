package io.jangada.node;

import io.jangada.api.NodeStatus;
import io.jangada.api.NodeStatus.Health;
import io.jangada.api.ReadLevel;
import io.jangada.api.error.RaftException;
import io.jangada.core.Raft;
import io.jangada.core.RaftStatus;
import io.jangada.core.message.Message;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop of a node: takes what has arrived, feeds it to the core one piece at a time, and has the effects carried out.
 *
 * <p>Owns no thread and no clock: the simulator runs this very class. Never blocks.
 */
final class NodeLoop<R> implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);
    private static final int MESSAGES_PER_TURN = 256;
    private static final int REQUESTS_PER_TURN = 4096;
    private static final Event TICK = new Event.Tick();
    private static final Event ABORT = new Event.AbortTransfer();

    private final NodeConfig config;
    private final Raft raft;
    private final Inbox<R> inbox;
    private final EffectExecutor<R> executor;
    private final Requests<R> requests;
    private final Background background;
    private final Applier<R> applier;
    private final Effects effects = new Effects();
    private final DamageLog damageLog;
    private @Nullable Throwable failure;
    private RaftStatus seen;
    private volatile NodeStatus status;
    private volatile List<PeerProgress> progress = List.of();
    private long progressAtNanos;

    NodeLoop(NodeConfig config, Raft raft, Inbox<R> inbox, EffectExecutor<R> executor, Workers<R> workers) {
        this.config = config;
        this.raft = raft;
        this.inbox = inbox;
        this.executor = executor;
        this.requests = executor.requests();
        this.background = workers.background();
        this.applier = workers.applier();
        this.damageLog = new DamageLog(config.raft().self());
        this.seen = raft.status();
        this.status = new NodeStatus(Health.RUNNING, seen, applier.appliedIndex(), null);
    }

    /** The picture after the last turn. Any thread. */
    NodeStatus status() {
        NodeStatus present = status;
        return new NodeStatus(present.health(), present.raft(), applier.appliedIndex(), present.failure());
    }

    /** How far the others are, at most a heartbeat old. Any thread. */
    List<PeerProgress> progress() {
        return progress;
    }

    @Override
    public long runOnce(long nowNanos) {
        if (failure == null) {
            try {
                turn(nowNanos);
            } catch (RuntimeException | Error e) {
                fail(
                        "the protocol stopped on a violated invariant; this is a bug of Jangada, please report it with this log",
                        e);
            }
        }
        if (failure != null) {
            refuseEverything(failure);
            return Long.MAX_VALUE;
        }
        long deadline = Math.min(raft.nextDeadline(), requests.nextDeadline(nowNanos));
        return inbox.isEmpty() ? deadline : nowNanos;
    }

    private void turn(long nowNanos) {
        takeReports(nowNanos);
        Message message = inbox.pollMessage();
        for (int taken = 0;
                message != null && failure == null;
                message = ++taken < MESSAGES_PER_TURN ? inbox.pollMessage() : null) {
            raft.receive(message, nowNanos, effects);
            carryOut(nowNanos);
        }
        takeRequests(nowNanos);
        if (raft.nextDeadline() - nowNanos <= 0) {
            step(TICK, nowNanos);
        }
        submit(requests.expired(seen, nowNanos), nowNanos);
        publishProgress(nowNanos);
        damageLog.observe(seen.damage(), nowNanos);
    }

    private void publishProgress(long nowNanos) {
        if (!seen.leads()) {
            progress = List.of();
        } else if (progress.isEmpty()
                || nowNanos - progressAtNanos >= config.raft().timing().heartbeatIntervalNanos()) {
            progressAtNanos = nowNanos;
            progress = raft.progress(nowNanos);
        }
    }

    private void takeReports(long nowNanos) {
        for (Inbox.Report report = inbox.pollReport(); report != null && failure == null; report = inbox.pollReport()) {
            if (report instanceof Inbox.Persisted persisted) {
                // The core first: it may have to count its own vote before the promise that rests on it is sent.
                step(new Event.Persisted(persisted.sequence()), nowNanos);
                if (failure == null) {
                    executor.persisted(persisted.sequence());
                }
            } else if (report instanceof Inbox.Happened happened) {
                step(happened.event(), nowNanos);
            } else if (report instanceof Inbox.Failed failed) {
                fail(failed.what(), failed.cause());
            }
        }
    }

    private void takeRequests(long nowNanos) {
        Requests.Batch<R> batch = new Requests.Batch<>();
        // Clients that never pause must not keep the loop from its heartbeats: what is left waits for the next turn.
        int taken = 0;
        for (Request.Propose<R> next = inbox.pollProposal();
                next != null;
                next = nextIfRoom(++taken, inbox::pollProposal)) {
            if (executor.unapplied() > config.maxUnappliedEntries()
                    || !requests.proposals().hasRoom()) {
                next.fail(Refusals.overloaded());
            } else {
                requests.arrived(next);
                batch.proposals().add(next);
            }
        }
        taken = 0;
        for (Request.Read<?> next = inbox.pollRead(); next != null; next = nextIfRoom(++taken, inbox::pollRead)) {
            if (applier.waitingReads() >= config.raft().limits().maxPendingReads()
                    || !requests.reads().hasRoom()) {
                next.fail(Refusals.overloaded());
            } else {
                requests.arrived(next, nowNanos);
                if (!next.confirmed) {
                    batch.reads().add(next);
                }
            }
        }
        submit(batch, nowNanos);
        takeOperations(nowNanos);
        // Reads that need no round have been reached without a step.
        if (failure == null) {
            executor.askReached();
        }
    }

    private void takeOperations(long nowNanos) {
        for (Operation next = inbox.pollOperation(); next != null; next = inbox.pollOperation()) {
            if (requests.hasRoomForOperation()) {
                requests.arrived(next);
                submit(next, nowNanos);
            } else {
                next.fail(Refusals.overloaded());
            }
        }
        if (inbox.pollAbortTransfer()) {
            step(ABORT, nowNanos);
        }
    }

    private static <T> @Nullable T nextIfRoom(int taken, Supplier<@Nullable T> poll) {
        return taken < REQUESTS_PER_TURN ? poll.get() : null;
    }

    private void submit(Requests.Batch<R> batch, long nowNanos) {
        if (!batch.proposals().isEmpty()) {
            List<Proposal> proposals = new ArrayList<>(batch.proposals().size());
            for (Request.Propose<R> proposal : batch.proposals()) {
                proposal.submitted(seen.term(), nowNanos);
                proposals.add(new Proposal(proposal.id, proposal.command()));
            }
            step(new Event.Propose(proposals), nowNanos);
        }
        if (!batch.reads().isEmpty()) {
            submitReads(batch.reads(), nowNanos);
        }
        for (Operation operation : batch.operations()) {
            submit(operation, nowNanos);
        }
    }

    private void submitReads(List<Request.Read<?>> reads, long nowNanos) {
        List<Long> byRound = new ArrayList<>(reads.size());
        List<Long> byLease = new ArrayList<>();
        boolean leases = config.raft().options().leaseReads();
        for (Request.Read<?> read : reads) {
            read.submitted(seen.term(), nowNanos);
            (leases && read.level() instanceof ReadLevel.Lease ? byLease : byRound).add(read.id);
        }
        if (!byRound.isEmpty()) {
            step(new Event.Read(byRound), nowNanos);
        }
        if (!byLease.isEmpty()) {
            step(new Event.LeaseRead(byLease), nowNanos);
        }
    }

    private void submit(Operation operation, long nowNanos) {
        operation.submitted(seen.term(), nowNanos);
        step(operation.event(), nowNanos);
    }

    private void step(Event event, long nowNanos) {
        if (failure == null) {
            raft.step(event, nowNanos, effects);
            carryOut(nowNanos);
        }
    }

    private void carryOut(long nowNanos) {
        String stop = effects.stop();
        if (stop != null) {
            // Nothing of this step is carried out: it may hold promises.
            effects.clear();
            fail(stop, new IllegalStateException(stop));
            return;
        }
        executor.execute(effects, nowNanos);
        effects.clear();
        RaftStatus before = seen;
        RaftStatus present = raft.status();
        boolean ledByOther = present.term() != before.term()
                || present.role() != before.role()
                || !present.leader().equals(before.leader());
        seen = present;
        status = new NodeStatus(Health.RUNNING, present, applier.appliedIndex(), null);
        if (ledByOther) {
            LOG.info(
                    "node {} is {} in term {}, leader {}",
                    present.self(),
                    present.role(),
                    present.term(),
                    present.leader());
        }
        if (ledByOther || !present.membership().equals(before.membership())) {
            background.statusChanged(status);
        }
        if (ledByOther) {
            submit(requests.leadershipChanged(present), nowNanos);
        }
    }

    private void fail(String what, Throwable cause) {
        if (failure != null) {
            return;
        }
        failure = cause;
        status = new NodeStatus(Health.FAILED, seen, applier.appliedIndex(), cause);
        LOG.error(
                "node {} has FAILED in term {} and promises nothing any more: {}",
                seen.self(),
                seen.term(),
                what,
                cause);
        executor.abandon();
        background.statusChanged(status);
    }

    private void refuseEverything(Throwable cause) {
        endAll(() -> Refusals.failed(cause));
        while (inbox.pollReport() != null || inbox.pollMessage() != null) {
            // Nothing is answered by a failed node.
        }
    }

    /** The node is closed; its thread has ended. */
    void closed() {
        status = new NodeStatus(Health.CLOSED, seen, applier.appliedIndex(), failure);
        endAll(Refusals::closed);
    }

    private void endAll(Supplier<RaftException> untouched) {
        requests.endAll(untouched);
        for (Request.Propose<R> next = inbox.pollProposal(); next != null; next = inbox.pollProposal()) {
            next.fail(untouched.get());
        }
        for (Request.Read<?> next = inbox.pollRead(); next != null; next = inbox.pollRead()) {
            next.fail(untouched.get());
        }
        for (Operation next = inbox.pollOperation(); next != null; next = inbox.pollOperation()) {
            next.fail(untouched.get());
        }
        inbox.pollAbortTransfer();
    }

    @Override
    public String roleName() {
        return "loop";
    }

    @Override
    public void onWork(Runnable callback) {
        inbox.onWork(callback);
    }
}
