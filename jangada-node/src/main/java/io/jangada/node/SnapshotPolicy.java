package io.jangada.node;

/**
 * When a node takes a snapshot of its own accord: after so many entries, or so many bytes of log, since the last one. A state machine that gives none takes none.
 *
 * @param everyEntries applied entries since the last snapshot, of all kinds
 * @param everyBytes what those entries weigh, in bytes
 */
public record SnapshotPolicy(long everyEntries, long everyBytes) {
    /** After 100,000 entries or 64 MiB. */
    public static final SnapshotPolicy DEFAULT = new SnapshotPolicy(100_000, 64L << 20);

    /** Only on request. */
    public static final SnapshotPolicy ON_REQUEST = new SnapshotPolicy(Long.MAX_VALUE, Long.MAX_VALUE);

    public SnapshotPolicy {
        if (everyEntries < 1 || everyBytes < 1) {
            throw new IllegalArgumentException("a snapshot every " + everyEntries + " entries or " + everyBytes
                    + " bytes is not possible; both must be at least 1");
        }
    }
}
