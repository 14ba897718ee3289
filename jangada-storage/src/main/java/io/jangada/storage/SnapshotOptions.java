package io.jangada.storage;

/**
 * How snapshots are kept.
 *
 * @param retained how many of the newest stay, at least 1; one that is being read stays besides
 * @param chunkBytes how much content is checked by one checksum, 64 bytes to 1 MiB; files with another size stay readable
 */
public record SnapshotOptions(int retained, int chunkBytes) {
    /** The two newest stay, chunks of 64 KiB. */
    public static final SnapshotOptions DEFAULT = new SnapshotOptions(2, 64 << 10);

    static final int MIN_CHUNK_BYTES = 64;
    static final int MAX_CHUNK_BYTES = 1 << 20;

    public SnapshotOptions {
        if (retained < 1) {
            throw new IllegalArgumentException("retained is " + retained + "; it must be at least 1");
        }
        if (chunkBytes < MIN_CHUNK_BYTES || chunkBytes > MAX_CHUNK_BYTES) {
            throw new IllegalArgumentException(
                    "chunkBytes is " + chunkBytes + "; it must be from " + MIN_CHUNK_BYTES + " to " + MAX_CHUNK_BYTES);
        }
    }

    public SnapshotOptions withRetained(int number) {
        return new SnapshotOptions(number, chunkBytes);
    }

    public SnapshotOptions withChunkBytes(int bytes) {
        return new SnapshotOptions(retained, bytes);
    }
}
