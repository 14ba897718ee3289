package io.jangada.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Where things are in a snapshot file: the header, the content in chunks of one size (the last may be shorter), each behind its checksum, the trailer.
 *
 * @param headerChecksum binds chunks and trailer to this file
 */
record SnapshotLayout(int headerBytes, int headerChecksum, int chunkBytes) {
    static final int CHECKSUM_BYTES = 4;
    static final int TRAILER_BYTES = 32;

    private static final long TRAILER_MAGIC = 0x4a414e4741534e45L; // "JANGASNE"

    /** How many chunks so much content takes. */
    long chunks(long size) {
        return (size + chunkBytes - 1) / chunkBytes;
    }

    /** The offset of this chunk's checksum; its content follows. */
    long position(long chunk) {
        return headerBytes + chunk * (CHECKSUM_BYTES + chunkBytes);
    }

    /** The length of this chunk's content. */
    int lengthOf(long chunk, long size) {
        return (int) Math.min(chunkBytes, size - chunk * chunkBytes);
    }

    long trailerPosition(long size) {
        return headerBytes + size + chunks(size) * CHECKSUM_BYTES;
    }

    /** The content that a whole file of this length has; negative if no file with this header is so short. */
    long sizeIn(long fileBytes) {
        long body = fileBytes - headerBytes - TRAILER_BYTES;
        long full = CHECKSUM_BYTES + (long) chunkBytes;
        return body < 0 ? body : body - (body + full - 1) / full * CHECKSUM_BYTES;
    }

    /** The checksum of this chunk, of which the content remains in the buffer. */
    int checksum(long chunk, ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12)
                .putInt(headerChecksum)
                .putLong(chunk * chunkBytes)
                .flip());
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }

    /** Fills the first {@link #TRAILER_BYTES} of the target. */
    void encodeTrailer(ByteBuffer target, long size, long fingerprint) {
        target.putLong(0, TRAILER_MAGIC).putLong(8, size).putLong(16, fingerprint);
        target.putInt(24, headerChecksum);
        target.putInt(28, Checksum.of(target, 0, 28));
    }

    /** Whether these are the {@link #TRAILER_BYTES} of a snapshot of this size. */
    boolean isTrailer(ByteBuffer bytes, long size) {
        return bytes.getLong(0) == TRAILER_MAGIC
                && bytes.getLong(8) == size
                && bytes.getInt(24) == headerChecksum
                && bytes.getInt(28) == Checksum.of(bytes, 0, 28);
    }

    static long fingerprintIn(ByteBuffer trailer) {
        return trailer.getLong(16);
    }
}
