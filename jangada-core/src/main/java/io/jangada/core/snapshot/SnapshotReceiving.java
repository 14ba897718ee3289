package io.jangada.core.snapshot;

import io.jangada.core.log.RaftLog;
import io.jangada.core.log.WriteStream;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What a node does with a snapshot that it is sent (Figure 13, receiver).
 *
 * <p>Outlives roles and terms: a snapshot of committed state is as good under the next leader. Storing and checking the pieces is the node's work, beside the loop
 * (trap 26); when all are there the log begins anew behind the snapshot, in the ordered stream of writes, and the promise waits for that (trap 21).
 */
public final class SnapshotReceiving {
    /** Pieces that are on their way to the store. A leader has one in flight; more are repetitions. */
    private static final int MAX_STAGING = 4;

    private final NodeId self;
    private final RaftLog log;
    private final WriteStream writes;
    private final BiConsumer<SnapshotMeta, List<MembershipAt>> installed;
    private int staging;

    /** {@code installed} hears of each snapshot that takes the place of the log, within the same step, and of the memberships in what of a damaged log continues it. */
    public SnapshotReceiving(
            NodeId self, RaftLog log, WriteStream writes, BiConsumer<SnapshotMeta, List<MembershipAt>> installed) {
        this.self = self;
        this.log = log;
        this.writes = writes;
        this.installed = installed;
    }

    /** A piece from the leader of the present term. */
    public void onRequest(SnapshotRequest request, Effects out) {
        SnapshotMeta snapshot = request.snapshot();
        if (!wellFormed(request)) {
            return;
        }
        if (contradictsCommitted(snapshot)) {
            answer(request, SnapshotOutcome.REJECTED, 0, writes.hardStateSequence(), out);
        } else if (log.matches(snapshot.index(), snapshot.term())) {
            // Nothing in it is missing here. What a snapshot covers is committed, so this is news of the commit index.
            log.commitTo(snapshot.index());
            answer(request, SnapshotOutcome.NOT_NEEDED, 0, writes.hardStateSequence(), out);
        } else if (staging < MAX_STAGING) {
            staging++;
            out.stageChunk(request);
        }
    }

    private static boolean wellFormed(SnapshotRequest request) {
        SnapshotMeta snapshot = request.snapshot();
        return snapshot.term() <= request.term()
                && request.offset() >= 0
                && request.offset() <= snapshot.sizeBytes() - request.chunk().length;
    }

    /** Terms only rise along a log, and what is committed is the same everywhere: no leader has a snapshot that says otherwise (trap 25). */
    private boolean contradictsCommitted(SnapshotMeta snapshot) {
        return snapshot.index() <= log.commitIndex()
                ? !log.matches(snapshot.index(), snapshot.term())
                : snapshot.term() < log.termAt(log.commitIndex());
    }

    /**
     * What became of a piece. Its sender is answered if it still leads; a snapshot that is complete is used in any case, unless it is behind what is committed.
     *
     * @param term the present term
     * @param leads whether this node leads: then the log has all that is committed, and is never replaced
     */
    public void onStaged(Event.ChunkStaged staged, long term, boolean leads, Effects out) {
        staging = Math.max(0, staging - 1);
        SnapshotRequest request = staged.request();
        boolean asked = request.term() == term && !leads;
        if (staged.outcome() == SnapshotOutcome.INSTALLED) {
            boolean used = use(request.snapshot(), leads, out);
            if (asked && used) {
                answer(request, SnapshotOutcome.INSTALLED, staged.nextOffset(), writes.latestSequence(), out);
            } else if (asked) {
                answer(request, SnapshotOutcome.REJECTED, 0, writes.hardStateSequence(), out);
            }
        } else if (asked) {
            answer(request, staged.outcome(), staged.nextOffset(), writes.hardStateSequence(), out);
        }
    }

    /** Says whether the log equals the snapshot's up to its index now. */
    private boolean use(SnapshotMeta snapshot, boolean leads, Effects out) {
        if (contradictsCommitted(snapshot)) {
            return false;
        }
        if (log.matches(snapshot.index(), snapshot.term())) {
            // The entries have come on their own meanwhile (Figure 13, receiver rule 6): they stay, with what follows,
            // and the state machine gets there
            // by applying them. The log is not compacted: only a snapshot of the own state shows that they have been
            // applied.
            log.commitTo(snapshot.index());
            log.remember(snapshot);
            return true;
        }
        if (leads) {
            return false;
        }
        List<MembershipAt> later = writes.resetTo(snapshot);
        out.install(snapshot);
        installed.accept(snapshot, later);
        return true;
    }

    private void answer(
            SnapshotRequest request, SnapshotOutcome outcome, long nextOffset, long afterSequence, Effects out) {
        SnapshotMeta snapshot = request.snapshot();
        out.promise(
                new SnapshotResponse(
                        self,
                        request.from(),
                        request.term(),
                        snapshot.index(),
                        snapshot.fingerprint(),
                        outcome,
                        nextOffset),
                afterSequence);
    }
}
