package io.jangada.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The digest and the checksums of a file whose chunks pass by one after the other, from the first. */
final class PartSums {
    private final int chunkBytes;
    private final MessageDigest digest;
    private int[] checksums = new int[16];
    private int chunks;
    private long size;

    PartSums(int chunkBytes) {
        this.chunkBytes = chunkBytes;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Adds what remains in the buffer, whose position stays: a whole chunk, or the last one. */
    void chunk(ByteBuffer content) {
        if (chunks == checksums.length) {
            checksums = Arrays.copyOf(checksums, chunks * 2);
        }
        checksums[chunks++] = SnapshotPart.checksumOf(content);
        size += content.remaining();
        digest.update(content.duplicate());
    }

    /** What has passed by, as a part of this name. Called once. */
    SnapshotPart part(String name) {
        return new SnapshotPart(
                name, size, HexFormat.of().formatHex(digest.digest()), chunkBytes, Arrays.copyOf(checksums, chunks));
    }
}
