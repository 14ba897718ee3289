package io.jangada.server.backup;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first bytes of a backup: whose state it is, and of which moment.
 *
 * @param cluster the cluster that it was saved from
 * @param member the member that it was saved from
 * @param index the last entry of that cluster's log that has changed the state; 0 if nothing ever has
 * @param term the term of the last command in it; 0 likewise
 * @param revision the revision of the store
 * @param number random, so that no two backups begin alike
 */
public record BackupHeader(ClusterId cluster, NodeId member, long index, long term, long revision, long number) {
    static final int VERSION = 1;
    static final int BYTES = 72;
    /** The header of every version begins with magic number, version and length. */
    static final int START_BYTES = 16;

    static final int MAX_BYTES = 4 << 10;
    static final int CHUNK_BYTES = 64 << 10;
    static final int CHECKSUM_BYTES = 4;

    private static final long MAGIC = 0x4a414e4741424b50L; // "JANGABKP"
    static final int INDEX_AT = 32;

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(BYTES);
        bytes.putLong(cluster.value()).putLong(member.value());
        bytes.putLong(index).putLong(term).putLong(revision).putLong(number);
        bytes.putInt(CHUNK_BYTES);
        bytes.putInt(checksum(bytes.array(), BYTES - CHECKSUM_BYTES));
        return bytes.flip();
    }

    /** The length of the header of which these are the first {@link #START_BYTES}. */
    static int length(byte[] start, String file) throws BackupFormatException {
        ByteBuffer bytes = ByteBuffer.wrap(start);
        if (bytes.getLong(0) != MAGIC) {
            throw new BackupFormatException(
                    file + " is no backup that 'jangada snapshot save' made: it begins like something else (offset 0)");
        }
        int length = bytes.getInt(12);
        if (length < START_BYTES + CHECKSUM_BYTES || length > MAX_BYTES) {
            throw BackupFormatException.damaged(file, 12, "its header has an impossible length, " + length);
        }
        return length;
    }

    /** Reads a whole header. */
    static BackupHeader decode(byte[] whole, String file) throws BackupFormatException {
        ByteBuffer bytes = ByteBuffer.wrap(whole);
        if (bytes.getInt(whole.length - CHECKSUM_BYTES) != checksum(whole, whole.length - CHECKSUM_BYTES)) {
            throw BackupFormatException.damaged(file, 0, "the checksum of its header is wrong");
        }
        int version = bytes.getInt(8);
        if (version > VERSION) {
            throw new BackupFormatException("the backup " + file + " has format version " + version
                    + " (offset 8), and this release reads up to version " + VERSION
                    + ": use the newer release that saved it");
        }
        if (version < 1 || whole.length != BYTES || bytes.getInt(BYTES - 2 * CHECKSUM_BYTES) != CHUNK_BYTES) {
            throw BackupFormatException.damaged(file, 8, "such a header was never written");
        }
        if (bytes.getLong(INDEX_AT) < 0 || bytes.getLong(INDEX_AT + 8) < 0) {
            throw BackupFormatException.damaged(file, INDEX_AT, "its index or term is negative");
        }
        return new BackupHeader(
                new ClusterId(bytes.getLong(16)),
                new NodeId(bytes.getLong(24)),
                bytes.getLong(INDEX_AT),
                bytes.getLong(INDEX_AT + 8),
                bytes.getLong(INDEX_AT + 16),
                bytes.getLong(INDEX_AT + 24));
    }

    /** What binds chunks and end to this file. */
    int checksum() {
        return encode().getInt(BYTES - CHECKSUM_BYTES);
    }

    /** The checksum of a chunk, which is that of no other place or file. */
    static int checksum(int headerChecksum, long offset, byte[] chunk, int length) {
        CRC32C crc = new CRC32C();
        crc.update(
                ByteBuffer.allocate(12).putInt(headerChecksum).putLong(offset).flip());
        crc.update(chunk, 0, length);
        return (int) crc.getValue();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
