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
 * @param announcedSize the size that the content will have, of one that arrives from a leader and of one of files; 0 for a stream of our own, whose size nobody knows before its end
 * @param announcedFingerprint likewise
 * @param manifestBytes the length of the manifest, which is all that such a file holds of a snapshot of files; 0 if the content is one stream
 */
record SnapshotHeader(
        LogIdentity owner,
        long folderId,
        long index,
        long term,
        MembershipAt membership,
        int chunkBytes,
        long announcedSize,
        long announcedFingerprint,
        int manifestBytes) {

    /** The version of a file whose content is one stream. */
    static final int STREAM_VERSION = 1;
    /** The version of a file whose content is a manifest: it has a field more. */
    static final int FILES_VERSION = 2;
    /** A membership of thousands of members; more would be damage. */
    static final int MAX_BYTES = 1 << 20;

    private static final long MAGIC = 0x4a414e4741534e50L; // "JANGASNP"
    private static final int FIXED_BYTES = 88;
    private static final int CHECKSUM_BYTES = 4;

    /** What was read, and where the rest is. */
    record Found(SnapshotHeader header, SnapshotLayout layout) {
        /** What it announces. */
        SnapshotMeta announced() {
            return header.meta(header.announcedSize, header.announcedFingerprint);
        }
    }

    /** The header of a snapshot of which everything is known. */
    static SnapshotHeader of(FolderIdentity folder, SnapshotMeta meta, int chunkBytes) {
        return new SnapshotHeader(
                folder.owner(),
                folder.folderId(),
                meta.index(),
                meta.term(),
                meta.membership(),
                chunkBytes,
                meta.sizeBytes(),
                meta.fingerprint(),
                meta.manifestBytes());
    }

    /** What such a file stands for, if so much with this fingerprint is in it. */
    SnapshotMeta meta(long size, long fingerprint) {
        return new SnapshotMeta(
                index, term, membership, manifestBytes == 0 ? size : announcedSize, fingerprint, manifestBytes);
    }

    /** How much is announced for this very file. */
    long announcedHere() {
        return manifestBytes == 0 ? announcedSize : manifestBytes;
    }

    private int version() {
        return manifestBytes == 0 ? STREAM_VERSION : FILES_VERSION;
    }

    /** Where the membership stands in this version. */
    private static int membershipAt(int version) {
        return version == STREAM_VERSION ? FIXED_BYTES : FIXED_BYTES + Integer.BYTES;
    }

    ByteBuffer encode() {
        byte[] members = MembershipCodec.encode(membership.membership());
        int length = membershipAt(version()) + members.length + CHECKSUM_BYTES;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a membership of " + members.length + " bytes is too large for a snapshot");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.putLong(MAGIC).putInt(version()).putInt(length);
        bytes.putLong(owner.cluster().value()).putLong(owner.node().value()).putLong(folderId);
        bytes.putLong(index).putLong(term).putLong(membership.index());
        bytes.putLong(announcedSize).putLong(announcedFingerprint);
        bytes.putInt(chunkBytes).putInt(members.length);
        if (manifestBytes > 0) {
            bytes.putInt(manifestBytes);
        }
        bytes.put(members);
        bytes.putInt(Checksum.of(bytes, 0, length - CHECKSUM_BYTES));
        return bytes.flip();
    }

    static SnapshotLayout layoutOf(ByteBuffer encoded, int chunkBytes) {
        int length = encoded.limit();
        return new SnapshotLayout(length, encoded.getInt(length - CHECKSUM_BYTES), chunkBytes);
    }

    /** Reads the header of this file. No length is used before its checksum is right, but to read at most {@link #MAX_BYTES} (trap 43). */
    static Found read(DiskFile file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(FIXED_BYTES);
        if (SnapshotFormatException.read(file, start, 0) < FIXED_BYTES || start.getLong(0) != MAGIC) {
            throw new SnapshotFormatException(0, "it does not begin as a snapshot does");
        }
        int length = start.getInt(12);
        if (length < FIXED_BYTES + CHECKSUM_BYTES || length > MAX_BYTES) {
            throw new SnapshotFormatException(12, "its header has an impossible length, " + length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (SnapshotFormatException.read(file, bytes, 0) < length
                || bytes.getInt(length - CHECKSUM_BYTES) != Checksum.of(bytes, 0, length - CHECKSUM_BYTES)) {
            throw new SnapshotFormatException(0, "the checksum of its header is wrong");
        }
        int version = bytes.getInt(8);
        if (version < STREAM_VERSION || version > FILES_VERSION) {
            throw new SnapshotFormatException(
                    8, "it has format version " + version + ", this release reads up to " + FILES_VERSION);
        }
        SnapshotHeader header = decode(bytes.rewind());
        return new Found(header, layoutOf(bytes.limit(length), header.chunkBytes));
    }

    private static SnapshotHeader decode(ByteBuffer bytes) throws SnapshotFormatException {
        int chunkBytes = bytes.getInt(80);
        int memberBytes = bytes.getInt(84);
        int membershipAt = membershipAt(bytes.getInt(8));
        int manifestBytes = membershipAt == FIXED_BYTES ? 0 : bytes.getInt(FIXED_BYTES);
        if (chunkBytes < SnapshotOptions.MIN_CHUNK_BYTES
                || chunkBytes > SnapshotOptions.MAX_CHUNK_BYTES
                || memberBytes != bytes.capacity() - membershipAt - CHECKSUM_BYTES
                || manifestBytes < (membershipAt == FIXED_BYTES ? 0 : 1)
                || manifestBytes > Manifest.MAX_BYTES) {
            throw new SnapshotFormatException(80, "its header has a value out of range");
        }
        byte[] members = new byte[memberBytes];
        bytes.get(membershipAt, members);
        try {
            SnapshotHeader header = new SnapshotHeader(
                    new LogIdentity(new ClusterId(bytes.getLong(16)), new NodeId(bytes.getLong(24))),
                    bytes.getLong(32),
                    bytes.getLong(40),
                    bytes.getLong(48),
                    new MembershipAt(bytes.getLong(56), MembershipCodec.decode(members)),
                    chunkBytes,
                    bytes.getLong(64),
                    bytes.getLong(72),
                    manifestBytes);
            header.meta(header.announcedSize, header.announcedFingerprint);
            return header;
        } catch (IllegalArgumentException e) {
            SnapshotFormatException wrong = new SnapshotFormatException(membershipAt, String.valueOf(e.getMessage()));
            wrong.initCause(e);
            throw wrong;
        }
    }
}
