package io.jangada.node;

import io.jangada.api.error.RaftException;
import io.jangada.core.RaftStatus;
import io.jangada.core.step.Effects;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All open requests of this node's clients: gives each its number, and asks every kind what a change means for it. */
final class Requests<R> {
    private static final int MAX_OPERATIONS = 256;

    /** Requests to hand to the core together. */
    record Batch<R>(
            List<Request.Propose<R>> proposals, List<Request.Read<?>> reads, List<? extends Operation> operations) {
        Batch() {
            this(new ArrayList<>(), new ArrayList<>(), List.of());
        }
    }

    private final Proposals<R> proposals;
    private final Reads reads;
    private final Changes changes;
    private final Handovers handovers = new Handovers();
    private long nextId;

    /** {@code firstId} names this run in its upper half, so that the numbers of different runs differ. None is 0, which the core keeps for itself. */
    Requests(NodeConfig config, long firstId) {
        this.proposals = new Proposals<>(config);
        this.reads = new Reads(config);
        this.changes = new Changes(config);
        this.nextId = firstId;
    }

    Proposals<R> proposals() {
        return proposals;
    }

    Reads reads() {
        return reads;
    }

    Changes changes() {
        return changes;
    }

    Handovers handovers() {
        return handovers;
    }

    void arrived(Request.Propose<R> proposal) {
        proposals.arrived(nextId++, proposal);
    }

    void arrived(Request.Read<?> read, long nowNanos) {
        reads.arrived(nextId++, read, nowNanos);
    }

    boolean hasRoomForOperation() {
        return changes.size() + handovers.size() < MAX_OPERATIONS;
    }

    void arrived(Operation operation) {
        if (operation instanceof Operation.Change change) {
            changes.arrived(nextId++, change);
        } else {
            handovers.arrived(nextId++, operation);
        }
    }

    void refused(Effects.Refused refused, long nowNanos) {
        proposals.refused(refused, nowNanos);
        reads.refused(refused, nowNanos);
        changes.refused(refused, nowNanos);
    }

    /** Term, role or leader has changed; returns what is to be submitted again. */
    Batch<R> leadershipChanged(RaftStatus status) {
        handovers.leadershipChanged(status);
        return new Batch<>(
                renumbered(proposals.leadershipChanged(status)),
                reads.leadershipChanged(status.leader()),
                renumberedChanges(changes.leadershipChanged(status)));
    }

    /** Ends what has waited too long; returns what is to be submitted again. */
    Batch<R> expired(RaftStatus status, long nowNanos) {
        handovers.expire(nowNanos);
        return new Batch<>(
                renumbered(proposals.expire(status.leader(), nowNanos)),
                reads.expire(status.leader(), nowNanos),
                renumberedChanges(changes.expire(status.leader(), nowNanos)));
    }

    private List<Request.Propose<R>> renumbered(List<Request.Propose<R>> again) {
        for (Request.Propose<R> proposal : again) {
            proposals.renumber(nextId++, proposal);
        }
        return again;
    }

    private List<Operation.Change> renumberedChanges(List<Operation.Change> again) {
        for (Operation.Change change : again) {
            changes.arrived(nextId++, change);
        }
        return again;
    }

    void endAll(Supplier<RaftException> untouched) {
        proposals.endAll(untouched);
        reads.endAll(untouched);
        changes.endAll(untouched);
        handovers.endAll(untouched);
    }

    long nextDeadline(long nowNanos) {
        return Math.min(
                Math.min(proposals.nextDeadline(nowNanos), reads.nextDeadline(nowNanos)),
                Math.min(changes.nextDeadline(nowNanos), handovers.nextDeadline()));
    }
}
