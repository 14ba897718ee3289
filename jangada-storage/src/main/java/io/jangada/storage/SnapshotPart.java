package io.jangada.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * One of the files of a snapshot: what it is called in its state, and what is in it. In the folder it is called after the latter ({@link #fileName}), so that all
 * snapshots with this content share one file.
 */
final class SnapshotPart {
    private final String name;
    private final long sizeBytes;
    private final String digest;
    private final int chunkBytes;
    /** One CRC-32C for each chunk. */
    private final int[] checksums;

    /** {@code digest} is the SHA-256 of the content in hexadecimal digits; the checksums are not copied. */
    SnapshotPart(String name, long sizeBytes, String digest, int chunkBytes, int[] checksums) {
        this.name = name;
        this.sizeBytes = sizeBytes;
        this.digest = digest;
        this.chunkBytes = chunkBytes;
        this.checksums = checksums;
    }

    String name() {
        return name;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    String digest() {
        return digest;
    }

    int chunkBytes() {
        return chunkBytes;
    }

    /** What its file is called. */
    String fileName() {
        return FileNames.part(digest);
    }

    int chunks() {
        return checksums.length;
    }

    /** How many chunks so many bytes take. */
    static long chunks(long sizeBytes, int chunkBytes) {
        return (sizeBytes + chunkBytes - 1) / chunkBytes;
    }

    long positionOf(int chunk) {
        return (long) chunk * chunkBytes;
    }

    int lengthOf(int chunk) {
        return (int) Math.min(chunkBytes, sizeBytes - positionOf(chunk));
    }

    int checksum(int chunk) {
        return checksums[chunk];
    }

    /** Whether what remains in the buffer is the content of this chunk. */
    boolean isChunk(int chunk, ByteBuffer content) {
        return content.remaining() == lengthOf(chunk) && checksumOf(content) == checksums[chunk];
    }

    static int checksumOf(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SnapshotPart that
                && name.equals(that.name)
                && sizeBytes == that.sizeBytes
                && digest.equals(that.digest)
                && chunkBytes == that.chunkBytes
                && Arrays.equals(checksums, that.checksums);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + digest.hashCode();
    }

    @Override
    public String toString() {
        return name + " (" + sizeBytes + " bytes, " + digest + ")";
    }
}
