package io.jangada.core.config;

/**
 * How snapshots spare the log and the network.
 *
 * @param trailingEntries entries that stay in the log although a snapshot covers them, for followers that are a little behind
 * @param maxChunkBytes one piece of a snapshot on its way to a follower
 * @param bytesPerSecond how fast a snapshot is sent to each follower
 */
public record SnapshotLimits(long trailingEntries, int maxChunkBytes, long bytesPerSecond) {
    /** 10,000 entries stay; pieces of 1 MiB; 100 MiB/s. */
    public static final SnapshotLimits DEFAULT = new SnapshotLimits(10_000, 1 << 20, 100L << 20);

    public SnapshotLimits {
        atLeast("trailingEntries", trailingEntries, 0);
        atLeast("maxChunkBytes", maxChunkBytes, 64);
        atLeast("bytesPerSecond", bytesPerSecond, 64);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
    }
}
