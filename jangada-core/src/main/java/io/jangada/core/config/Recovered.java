package io.jangada.core.config;

import io.jangada.core.model.LogState;
import io.jangada.core.model.SnapshotMeta;
import org.jspecify.annotations.Nullable;

/**
 * What the disk remembered.
 *
 * <p>A snapshot may lie beyond the log or contradict it, after a crash between the two; it was committed, so it wins, and the log begins anew behind it. A damaged disk may hold less of the log
 * than the state machine has applied, or no snapshot of what was before the log: then the node starts on what there is, and remembers what it may have acknowledged.
 *
 * @param log the log
 * @param snapshot the newest snapshot, if there is one
 * @param applied how far the state machine has got with the help of the snapshot (0 for one that keeps its state in memory and has none)
 */
public record Recovered(LogState log, @Nullable SnapshotMeta snapshot, long applied) {
    public static final Recovered NOTHING = new Recovered(LogState.EMPTY, 0);

    public Recovered {
        long base = snapshot == null ? 0 : snapshot.index();
        boolean damaged = !log.promised().isNothing() || !log.salvage().isEmpty() || base < log.firstIndex() - 1;
        if (applied < base || (applied > Math.max(base, log.lastIndex()) && !damaged)) {
            throw new IllegalArgumentException("the state machine has applied up to " + applied + ", but the log holds "
                    + log.firstIndex() + ".." + log.lastIndex()
                    + (snapshot == null ? "" : " and the snapshot ends at " + base));
        }
    }

    /** Whether the snapshot that the log begins behind is gone: what lies between is missing, and only a snapshot from a leader brings it back. */
    public boolean lacksBeginning() {
        return (snapshot == null ? 0 : snapshot.index()) < log.firstIndex() - 1;
    }

    /** A node without a snapshot. */
    public Recovered(LogState log, long applied) {
        this(log, null, applied);
    }
}
