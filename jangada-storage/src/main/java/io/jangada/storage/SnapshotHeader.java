package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The first bytes of a snapshot file: whose it is and what it stands for.
 *
 * @param announcedSize of one that arrives from a leader, the size that it will have; 0 for one of our own, whose size nobody knows before its end
 * @param announcedFingerprint likewise
 */
record SnapshotHeader(
        LogIdentity owner,
        long folderId,
        long index,
        long term,
        MembershipAt membership,
        int chunkBytes,
        long announcedSize,
        long announcedFingerprint) {

    static final int VERSION = 1;
    /** A membership of thousands of members; more would be damage. */
    static final int MAX_BYTES = 1 << 20;

    private static final long MAGIC = 0x4a414e4741534e50L; // "JANGASNP"
    private static final int MEMBERSHIP_AT = 88;
    private static final int CHECKSUM_BYTES = 4;

    /** What was read, and where the rest is. */
    record Found(SnapshotHeader header, SnapshotLayout layout) {
        /** What it announces. */
        SnapshotMeta announced() {
            return header.meta(header.announcedSize, header.announcedFingerprint);
        }
    }

    SnapshotMeta meta(long size, long fingerprint) {
        return new SnapshotMeta(index, term, membership, size, fingerprint);
    }

    ByteBuffer encode() {
        byte[] members = MembershipCodec.encode(membership.membership());
        int length = MEMBERSHIP_AT + members.length + CHECKSUM_BYTES;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a membership of " + members.length + " bytes is too large for a snapshot");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(length);
        bytes.putLong(owner.cluster().value()).putLong(owner.node().value()).putLong(folderId);
        bytes.putLong(index).putLong(term).putLong(membership.index());
        bytes.putLong(announcedSize).putLong(announcedFingerprint);
        bytes.putInt(chunkBytes).putInt(members.length).put(members);
        bytes.putInt(Checksum.of(bytes, 0, length - CHECKSUM_BYTES));
        return bytes.flip();
    }

    static SnapshotLayout layoutOf(ByteBuffer encoded, int chunkBytes) {
        int length = encoded.limit();
        return new SnapshotLayout(length, encoded.getInt(length - CHECKSUM_BYTES), chunkBytes);
    }

    /** Reads the header of this file. No length is used before its checksum is right, but to read at most {@link #MAX_BYTES} (trap 43). */
    static Found read(DiskFile file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(MEMBERSHIP_AT);
        if (file.read(start, 0) < MEMBERSHIP_AT || start.getLong(0) != MAGIC) {
            throw new SnapshotFormatException(0, "it does not begin as a snapshot does");
        }
        int length = start.getInt(12);
        if (length < MEMBERSHIP_AT + CHECKSUM_BYTES || length > MAX_BYTES) {
            throw new SnapshotFormatException(12, "its header has an impossible length, " + length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (file.read(bytes, 0) < length
                || bytes.getInt(length - CHECKSUM_BYTES) != Checksum.of(bytes, 0, length - CHECKSUM_BYTES)) {
            throw new SnapshotFormatException(0, "the checksum of its header is wrong");
        }
        if (bytes.getInt(8) != VERSION) {
            throw new SnapshotFormatException(
                    8, "it has format version " + bytes.getInt(8) + ", this release reads " + VERSION);
        }
        SnapshotHeader header = decode(bytes.rewind());
        return new Found(header, layoutOf(bytes.limit(length), header.chunkBytes));
    }

    private static SnapshotHeader decode(ByteBuffer bytes) throws SnapshotFormatException {
        int chunkBytes = bytes.getInt(80);
        int memberBytes = bytes.getInt(84);
        if (chunkBytes < SnapshotOptions.MIN_CHUNK_BYTES
                || chunkBytes > SnapshotOptions.MAX_CHUNK_BYTES
                || memberBytes != bytes.capacity() - MEMBERSHIP_AT - CHECKSUM_BYTES) {
            throw new SnapshotFormatException(80, "its header has a value out of range");
        }
        byte[] members = new byte[memberBytes];
        bytes.get(MEMBERSHIP_AT, members);
        try {
            SnapshotHeader header = new SnapshotHeader(
                    new LogIdentity(new ClusterId(bytes.getLong(16)), new NodeId(bytes.getLong(24))),
                    bytes.getLong(32),
                    bytes.getLong(40),
                    bytes.getLong(48),
                    new MembershipAt(bytes.getLong(56), MembershipCodec.decode(members)),
                    chunkBytes,
                    bytes.getLong(64),
                    bytes.getLong(72));
            header.meta(header.announcedSize, header.announcedFingerprint);
            return header;
        } catch (IllegalArgumentException e) {
            SnapshotFormatException wrong = new SnapshotFormatException(MEMBERSHIP_AT, String.valueOf(e.getMessage()));
            wrong.initCause(e);
            throw wrong;
        }
    }
}
