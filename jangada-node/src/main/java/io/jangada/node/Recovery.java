package io.jangada.node;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.LogState;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the state machine of a node gets to where the protocol starts: from what it holds itself, from the snapshot, or from the log.
 *
 * @param recovered what the protocol starts on
 * @param machineAt the last entry that the state machine holds by itself
 * @param restore the snapshot that it must take over first, or null if it holds enough or finds the rest in the log
 */
record Recovery(
        Recovered recovered, long machineAt, @Nullable SnapshotMeta restore) {

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
