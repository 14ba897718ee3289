package io.jangada.core.role;

import io.jangada.core.log.WriteStream;
import io.jangada.core.model.DiskStall;

/**
 * Whether the disk of this node still makes progress, and what it has room for.
 *
 * <p>A leader may commit without its own disk, and its heartbeats need none: with a disk that hangs without failing it would
 * lead for ever and serve nobody (trap 45). So there is a deadline on log writes; past it a leader steps down, and nobody votes or stands until they are done.
 */
final class DiskWatch {
    private final WriteStream writes;
    private final long patienceNanos;
    private final Room room;
    private long seenSequence;
    private long movedAtNanos;

    DiskWatch(WriteStream writes, long patienceNanos, long nowNanos) {
        this.writes = writes;
        this.patienceNanos = patienceNanos;
        this.room = new Room(patienceNanos);
        this.seenSequence = writes.persistedSequence();
        this.movedAtNanos = nowNanos;
    }

    /** Looks at the disk, at the beginning of each step. */
    void observe(long nowNanos) {
        if (writes.persistedSequence() != seenSequence || !writes.isPending()) {
            seenSequence = writes.persistedSequence();
            movedAtNanos = nowNanos;
        }
    }

    /** Whether something has waited for the disk for too long while nothing became durable. */
    boolean hangs(long nowNanos) {
        return writes.isPending() && nowNanos - movedAtNanos >= patienceNanos;
    }

    /** What waits for the disk, if it hangs. */
    DiskStall stall(long nowNanos) {
        return hangs(nowNanos) ? new DiskStall(nowNanos - movedAtNanos, writes.waiting()) : DiskStall.NONE;
    }

    Room room() {
        return room;
    }
}
