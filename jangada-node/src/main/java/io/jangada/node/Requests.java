package io.jangada.node;

import io.jangada.api.error.RaftException;
import io.jangada.core.RaftStatus;
import io.jangada.core.step.Effects;
import java.util.List;
import java.util.function.Supplier;

/** All open requests of this node's clients: gives each its number, and asks both kinds what every change means for them. */
final class Requests<R> {

    /** Requests to hand to the core together. */
    record Batch<R>(List<Request.Propose<R>> proposals, List<Request.Read<?>> reads) {}

    private final Proposals<R> proposals;
    private final Reads reads;
    private long nextId;

    /** {@code firstId} names this run in its upper half, so that the numbers of different runs differ. */
    Requests(NodeConfig config, long firstId) {
        this.proposals = new Proposals<>(config);
        this.reads = new Reads(config);
        this.nextId = firstId;
    }

    Proposals<R> proposals() {
        return proposals;
    }

    Reads reads() {
        return reads;
    }

    void arrived(Request.Propose<R> proposal) {
        proposals.arrived(nextId++, proposal);
    }

    void arrived(Request.Read<?> read) {
        reads.arrived(nextId++, read);
    }

    void refused(Effects.Refused refused, long nowNanos) {
        proposals.refused(refused, nowNanos);
        reads.refused(refused, nowNanos);
    }

    /** Term, role or leader has changed; returns what is to be submitted again. */
    Batch<R> leadershipChanged(RaftStatus status) {
        return new Batch<>(renumbered(proposals.leadershipChanged(status)), reads.leadershipChanged(status.leader()));
    }

    /** Ends what has waited too long; returns what is to be submitted again. */
    Batch<R> expired(RaftStatus status, long nowNanos) {
        return new Batch<>(
                renumbered(proposals.expire(status.leader(), nowNanos)), reads.expire(status.leader(), nowNanos));
    }

    private List<Request.Propose<R>> renumbered(List<Request.Propose<R>> again) {
        for (Request.Propose<R> proposal : again) {
            proposals.renumber(nextId++, proposal);
        }
        return again;
    }

    void endAll(Supplier<RaftException> untouched) {
        proposals.endAll(untouched);
        reads.endAll(untouched);
    }

    long nextDeadline(long nowNanos) {
        return Math.min(proposals.nextDeadline(nowNanos), reads.nextDeadline(nowNanos));
    }
}
