package io.jangada.core.snapshot;

import io.jangada.core.config.RaftConfig;
import io.jangada.core.log.RaftLog;
import io.jangada.core.model.SnapshotMeta;

/** What a leader has to send in place of entries, and when it does so (§7). */
public record SnapshotSource(RaftConfig config, RaftLog log, long term) {

    /**
     * Whether a follower that needs this entry next is sent a snapshot.
     *
     * <p>It must be if the entry is gone. It may be if the snapshot is the cheaper way: the entries that it replaces, at the average weight of
     * late, weigh more than its content and a whole window of appends together. What fits into one window is never replaced, so that a follower that is a
     * little behind is not made to restore its state.
     *
     * @param refusedIndex a snapshot that the follower has refused and, while there are entries, is not offered again; 0 if there is none
     */
    public boolean isWanted(long nextIndex, long refusedIndex) {
        if (nextIndex < log.firstIndex()) {
            return true;
        }
        SnapshotMeta newest = log.snapshot();
        if (newest == null || newest.index() < nextIndex || newest.index() <= refusedIndex) {
            return false;
        }
        long average = log.averageWeight();
        long replaced = newest.index() - nextIndex + 1;
        return average > 0 && replaced > (newest.sizeBytes() + config.limits().maxInflightBytes()) / average;
    }

    SnapshotMeta newest() {
        SnapshotMeta newest = log.snapshot();
        if (newest == null) {
            throw new IllegalStateException("violated invariant: a log begins at " + log.firstIndex()
                    + " and there is no snapshot of what was before");
        }
        return newest;
    }

    /** How long the line must rest after a piece of this size. */
    long restNanos(int bytes) {
        return bytes * 1_000_000_000L / config.snapshots().bytesPerSecond();
    }

    /** How long to wait before a question is repeated, and after a refusal. */
    long patienceNanos() {
        return config.timing().electionTimeoutMinNanos();
    }

    /** Whether the entry that follows this snapshot is still in the log, so that it can be the last thing that is sent in place of entries. */
    boolean reachesLog(SnapshotMeta snapshot) {
        return snapshot.index() >= log.baseIndex();
    }
}
