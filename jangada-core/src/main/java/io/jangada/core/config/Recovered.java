package io.jangada.core.config;

import io.jangada.core.model.LogState;
import io.jangada.core.model.SnapshotMeta;
import org.jspecify.annotations.Nullable;

/**
 * What the disk remembered.
 *
 * <p>A snapshot may lie beyond the log or contradict it, after a crash between the two; it was committed, so it wins, and the log begins anew behind it.
 *
 * @param log the log
 * @param snapshot the newest snapshot, if there is one
 * @param applied how far the state machine has got with the help of the snapshot (0 for one that keeps its state in memory and has none)
 */
public record Recovered(LogState log, @Nullable SnapshotMeta snapshot, long applied) {
    public static final Recovered NOTHING = new Recovered(LogState.EMPTY, 0);

    public Recovered {
        long base = snapshot == null ? 0 : snapshot.index();
        if (base < log.firstIndex() - 1) {
            throw new IllegalArgumentException(
                    "the log begins at " + log.firstIndex() + ", but "
                            + (snapshot == null ? "there is no snapshot" : "the newest snapshot ends at " + base)
                            + ": what lies between is missing. Restore this node's folder, or remove the member and add a new one");
        }
        if (applied < base || applied > Math.max(base, log.lastIndex())) {
            throw new IllegalArgumentException("the state machine has applied up to " + applied + ", but the log holds "
                    + log.firstIndex() + ".." + log.lastIndex()
                    + (snapshot == null ? "" : " and the snapshot ends at " + base));
        }
    }

    /** A node without a snapshot. */
    public Recovered(LogState log, long applied) {
        this(log, null, applied);
    }
}
