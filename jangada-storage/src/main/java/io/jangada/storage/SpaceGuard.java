package io.jangada.storage;

import io.jangada.api.StorageSpace;
import io.jangada.core.model.SpaceLevel;
import io.jangada.storage.disk.Disk;

/**
 * Watches how much room the file system of a log has left, so that commands are refused before a write fails (trap 46).
 *
 * <p>The reserve has room for what a node writes even when it takes no commands: two segments, and a snapshot somewhat larger than the newest one, for only a snapshot makes room in the log.
 * It takes a quarter of the reserve more to leave a level than to get into it, so that a deleted file of a few kilobytes does not let the clients in for a moment. Any thread.
 */
final class SpaceGuard {
    private static final long SEGMENTS = 2;

    private final Disk disk;
    private final LogOptions options;
    private final SpareSegments spares;
    private volatile long snapshotBytes;
    private volatile SpaceLevel level = SpaceLevel.AMPLE;

    SpaceGuard(Disk disk, LogOptions options, SpareSegments spares) {
        this.disk = disk;
        this.options = options;
        this.spares = spares;
    }

    /** The newest snapshot is this large; the next one will be about as large. */
    void snapshotIs(long bytes) {
        snapshotBytes = bytes;
    }

    /** What snapshots leave for the log: the next segment and a little more. */
    long leftForTheLog() {
        return options.segmentBytes() + options.segmentBytes() / 8L;
    }

    long reserveBytes() {
        return Math.max(options.reserveBytes(), SEGMENTS * options.segmentBytes() + snapshotBytes + snapshotBytes / 8);
    }

    /** What there is now. Spare segments are room: the next ones need no other. */
    synchronized StorageSpace look() {
        long free = disk.usableBytes();
        if (free == Long.MAX_VALUE) {
            return StorageSpace.UNLIMITED;
        }
        long usable = free + spares.bytes();
        long reserve = reserveBytes();
        level = levelOf(usable, reserve, level);
        return new StorageSpace(disk.location(), usable, reserve, level);
    }

    /** Below the reserve it is scarce, below half of it exhausted; out of either with a quarter of the reserve more. */
    static SpaceLevel levelOf(long usable, long reserve, SpaceLevel before) {
        long distance = reserve / 4;
        if (usable < reserve / 2 || (before == SpaceLevel.EXHAUSTED && usable < reserve / 2 + distance)) {
            return SpaceLevel.EXHAUSTED;
        }
        boolean wasLow = before != SpaceLevel.AMPLE;
        return usable < reserve || (wasLow && usable < reserve + distance) ? SpaceLevel.SCARCE : SpaceLevel.AMPLE;
    }
}
