package io.jangada.core.snapshot;

import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.log.RaftLog;
import io.jangada.core.log.WriteStream;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.SnapshotMeta;

/** When the log lets go of entries: as soon as a snapshot of this node covers them, but for some that trail behind it for slow followers (§7). */
public final class LogCompaction {
    private final SnapshotLimits limits;
    private final RaftLog log;
    private final WriteStream writes;

    public LogCompaction(SnapshotLimits limits, RaftLog log, WriteStream writes) {
        this.limits = limits;
        this.log = log;
        this.writes = writes;
    }

    /**
     * This node has made a snapshot of its own state. An older one than what it has is nothing new: a snapshot may have been installed meanwhile. One of the same index takes the place of one that
     * could not be read any more.
     */
    public void taken(SnapshotMeta snapshot) {
        if (snapshot.index() < log.snapshotIndex() || snapshot.equals(log.snapshot())) {
            return;
        }
        Invariants.require(
                snapshot.index() <= log.applicableIndex() && log.matches(snapshot.index(), snapshot.term()),
                "snapshot " + snapshot + " is of a state that was never reached; applicable is "
                        + log.applicableIndex());
        log.remember(snapshot);
        writes.compactTo(snapshot.index() - limits.trailingEntries());
    }
}
