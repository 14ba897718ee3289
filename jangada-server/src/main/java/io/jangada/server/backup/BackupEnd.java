package io.jangada.server.backup;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/** What follows the content of a backup: its length and fingerprint, then zeros and a SHA-256 as etcd's clients expect them at the end of any snapshot. */
final class BackupEnd {
    static final int BYTES = 32;
    static final int DIGEST_BYTES = 32;

    private static final long MAGIC = 0x4a414e4741424b45L; // "JANGABKE"
    /** The length of the file is a multiple of this, and the digest. */
    private static final int PAGE = 512;

    private BackupEnd() {}

    static byte[] encode(long contentBytes, long fingerprint, int headerChecksum) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(MAGIC).putLong(contentBytes).putLong(fingerprint).putInt(headerChecksum);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, BYTES - 4);
        return bytes.putInt((int) crc.getValue()).array();
    }

    /** How many zeros follow when so many bytes of the file are there. */
    static int padding(long position) {
        return (int) ((PAGE - position % PAGE) % PAGE);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
