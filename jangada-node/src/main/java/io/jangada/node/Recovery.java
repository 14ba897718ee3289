package io.jangada.node;

import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.config.Recovered;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the state machine of a node gets to where the protocol starts: from what it holds itself, from the snapshot, or from the log.
 *
 * @param recovered what the protocol starts on
 * @param machineAt the last entry that the state machine holds by itself
 * @param restore the snapshot that it must take over first, or null if it holds enough or finds the rest in the log
 */
record Recovery(
        Recovered recovered, long machineAt, @Nullable SnapshotMeta restore) {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** As {@link #of(LogState, Optional, long)}. If the snapshot before the log is damaged and the state machine has kept the state by itself, a new one is taken of that first. */
    static Recovery of(LogState log, SnapshotStore store, StateMachine<?> machine) {
        long lastApplied = machine.lastApplied();
        Optional<SnapshotMeta> newest = store.newest();
        if (newest.map(SnapshotMeta::index).orElse(0L) < log.firstIndex() - 1) {
            newest = retaken(log, store, machine, lastApplied).or(store::newest);
        }
        return of(log, newest, lastApplied);
    }

    /** A new snapshot, of what the state machine holds, if that is known by term and membership; otherwise the log has no beginning until a leader sends one. */
    private static Optional<SnapshotMeta> retaken(
            LogState log, SnapshotStore store, StateMachine<?> machine, long lastApplied) {
        MembershipAt membership = membershipAt(log, store.damaged(), lastApplied);
        if (lastApplied < log.firstIndex() - 1 || lastApplied > log.lastIndex() || membership == null) {
            return Optional.empty();
        }
        Optional<StateSnapshot> held = machine.snapshot();
        if (held.isEmpty()) {
            return Optional.empty();
        }
        try (StateSnapshot state = held.get()) {
            SnapshotMeta taken = store.take(lastApplied, termAt(log, lastApplied), membership, state);
            LOG.warn(
                    "a snapshot of entry {} was taken from what the state machine has kept, in place of the damaged one",
                    lastApplied);
            return Optional.of(taken);
        } catch (IOException e) {
            LOG.warn(
                    "no snapshot could be taken of what the state machine has kept, in place of the damaged one; a leader has to send one",
                    e);
            return Optional.empty();
        }
    }

    /** The latest membership up to this entry: from the log or, if it is older than that, from what is left of the damaged snapshot; null if neither tells. */
    private static @Nullable MembershipAt membershipAt(LogState log, Optional<SnapshotMeta> damaged, long index) {
        MembershipAt latest = damaged.map(SnapshotMeta::membership)
                .filter(membership -> membership.index() <= index)
                .orElse(null);
        for (MembershipAt membership : log.memberships()) {
            if (membership.index() <= index && (latest == null || membership.index() > latest.index())) {
                latest = membership;
            }
        }
        return latest;
    }

    static Recovery of(LogState log, Optional<SnapshotMeta> newest, long lastApplied) {
        SnapshotMeta snapshot = newest.orElse(null);
        if (snapshot == null || lastApplied >= snapshot.index()) {
            return new Recovery(new Recovered(log, snapshot, lastApplied), lastApplied, null);
        }
        // What the snapshot covers is committed: the protocol may start there, the state machine follows.
        Recovered recovered = new Recovered(log, snapshot, snapshot.index());
        boolean inLog = lastApplied > 0
                && lastApplied + 1 >= log.firstIndex()
                && log.lastIndex() >= snapshot.index()
                && termAt(log, snapshot.index()) == snapshot.term();
        return new Recovery(recovered, lastApplied, inLog ? null : snapshot);
    }

    /** Up to where the log is known to be whole: what the state machine has applied after that is read again, when it is there again. */
    long wholeTo() {
        Recovered found = recovered;
        SnapshotMeta snapshot = found.snapshot();
        long base = snapshot == null ? 0 : snapshot.index();
        return found.lacksBeginning()
                ? base
                : Math.min(found.applied(), Math.max(base, found.log().lastIndex()));
    }

    /** The term of the entry where the protocol starts; 0 if neither the log nor the snapshot tells. */
    long termWhereStarted() {
        SnapshotMeta snapshot = recovered.snapshot();
        return snapshot != null && snapshot.index() == recovered.applied()
                ? snapshot.term()
                : termAt(recovered.log(), recovered.applied());
    }

    private static long termAt(LogState log, long index) {
        long term = index == log.firstIndex() - 1 ? log.prevTerm() : 0;
        for (TermStart run : log.terms()) {
            if (run.index() <= index && index <= log.lastIndex()) {
                term = run.term();
            }
        }
        return term;
    }
}
