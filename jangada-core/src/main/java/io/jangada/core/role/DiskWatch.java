package io.jangada.core.role;

import io.jangada.core.log.RaftLog;

/**
 * Whether the disk of a leader still makes progress.
 *
 * <p>A leader may commit without its own disk, and its heartbeats need none: with a disk that hangs without failing it would
 * lead for ever and serve nobody (trap 45). So there is a deadline on its log writes.
 */
final class DiskWatch {
    private final RaftLog log;
    private final long patienceNanos;
    private long seenIndex;
    private long movedAtNanos;

    DiskWatch(RaftLog log, long patienceNanos, long nowNanos) {
        this.log = log;
        this.patienceNanos = patienceNanos;
        this.seenIndex = log.persistedIndex();
        this.movedAtNanos = nowNanos;
    }

    /** Whether something has waited for the disk for too long while nothing became durable. */
    boolean hangs(long nowNanos) {
        if (log.persistedIndex() != seenIndex || log.persistedIndex() == log.lastIndex()) {
            seenIndex = log.persistedIndex();
            movedAtNanos = nowNanos;
        }
        return nowNanos - movedAtNanos >= patienceNanos;
    }
}
