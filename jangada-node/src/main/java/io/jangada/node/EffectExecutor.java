package io.jangada.node;

import io.jangada.api.GroupId;
import io.jangada.api.spi.Transport;
import io.jangada.core.Raft;
import io.jangada.core.model.Entry;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;

/** Carries out the effects of a step, in their order: the one place from which a node reaches its ports. */
final class EffectExecutor<R> {
    private static final long APPLY_BYTES = 4 << 20;
    private static final long MAX_QUEUED_BYTES = 32 << 20;

    private final GroupId group;
    private final Raft raft;
    private final Transport transport;
    private final Workers<R> workers;
    private final Requests<R> requests;
    private final PromiseQueue promises;
    private long handedToApplier;

    /** {@code startIndex} is where the protocol starts: the applier has that, or has been told how to get there. */
    EffectExecutor(
            NodeConfig config,
            Raft raft,
            Transport transport,
            Workers<R> workers,
            Requests<R> requests,
            long startIndex) {
        this.group = config.group();
        this.raft = raft;
        this.transport = transport;
        this.workers = workers;
        this.requests = requests;
        this.promises = new PromiseQueue(message -> transport.send(group, message));
        this.handedToApplier = startIndex;
    }

    Requests<R> requests() {
        return requests;
    }

    /** How many committed entries the state machine has not applied yet. */
    long unapplied() {
        return handedToApplier - workers.applier().appliedIndex();
    }

    void execute(Effects effects, long nowNanos) {
        WriteBatch write = effects.write();
        if (write != null) {
            workers.journal().submit(write);
        }
        effects.messages().forEach(message -> transport.send(group, message));
        effects.promises().forEach(promises::add);
        effects.appended().forEach(position -> {
            requests.proposals().appended(position, handedToApplier);
            requests.changes().appended(position);
        });
        SnapshotMeta install = effects.install();
        if (install != null && install.index() > handedToApplier) {
            install(install);
        }
        if (effects.applyTo() > handedToApplier) {
            handToApplier(effects.applyTo());
        }
        effects.loads().forEach(workers.background()::load);
        effects.repairReads().forEach(workers.background()::readForRepair);
        effects.readChunks().forEach(workers.background()::readChunk);
        effects.stageChunks().forEach(workers.background()::stageChunk);
        effects.readReady().forEach(requests.reads()::confirmed);
        askReached();
        effects.refused().forEach(refused -> requests.refused(refused, nowNanos));
        effects.changesRefused().forEach(refused -> requests.changes().refused(refused, nowNanos));
        if (!effects.transfersEnded().isEmpty()) {
            effects.transfersEnded().forEach(ended -> requests.handovers().ended(ended, raft.status()));
        }
        MembershipAt membership = effects.membership();
        if (membership != null) {
            transport.members(group, membership.membership());
        }
    }

    /** Hands over the reads for which enough is committed here, and the changes that are over. */
    void askReached() {
        for (Request.Read<?> read = requests.reads().takeReached(handedToApplier);
                read != null;
                read = requests.reads().takeReached(handedToApplier)) {
            workers.applier().ask(read);
        }
        if (requests.changes().awaits(handedToApplier)) {
            requests.changes()
                    .committed(
                            raft.membershipAt(handedToApplier),
                            handedToApplier,
                            raft.status().term())
                    .forEach(workers.applier()::ask);
        }
    }

    /** What the snapshot covers is not applied one by one any more, whatever this step commits. */
    private void install(SnapshotMeta snapshot) {
        requests.proposals().covered(snapshot.index());
        workers.applier().install(snapshot);
        handedToApplier = snapshot.index();
    }

    private void handToApplier(long toIndex) {
        List<Request.Propose<R>> waiting = new ArrayList<>();
        for (long index = handedToApplier + 1;
                index <= toIndex && requests.proposals().awaitsPosition();
                index++) {
            Request.Propose<R> proposal = requests.proposals().takeAt(index);
            if (proposal != null) {
                waiting.add(proposal);
            }
        }
        // A state machine that lags far behind reads from the disk instead of holding entries in memory.
        List<Entry> entries = unapplied() > 10_000 || workers.applier().entryBytes() > MAX_QUEUED_BYTES
                ? List.of()
                : raft.entries(handedToApplier + 1, toIndex, APPLY_BYTES);
        workers.applier().commit(toIndex, entries, waiting);
        handedToApplier = toIndex;
    }

    void persisted(long sequence) {
        promises.persisted(sequence);
    }

    /** The node has failed: what waits for the disk waits for ever. */
    void abandon() {
        promises.clear();
    }
}
