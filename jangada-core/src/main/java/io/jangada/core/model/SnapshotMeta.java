package io.jangada.core.model;

/**
 * What a snapshot stands for, without its content (§7).
 *
 * @param index the last entry whose effects are in it
 * @param term the term of that entry
 * @param membership the latest membership at that entry, and the index of the entry that brought it
 * @param sizeBytes the length of its content as it is sent: one stream, or a manifest and then the files that it names
 * @param fingerprint a checksum over that content or, of files, over the manifest, which has checksums of them: two snapshots with the same one are the same bytes, whoever made them
 * @param manifestBytes the length of the manifest, which is the beginning of the content; 0 if the content is one stream
 */
public record SnapshotMeta(
        long index, long term, MembershipAt membership, long sizeBytes, long fingerprint, int manifestBytes) {
    public SnapshotMeta {
        if (index < 1
                || term < 1
                || membership.index() < 0
                || membership.index() > index
                || manifestBytes < 0
                || sizeBytes < manifestBytes) {
            throw new IllegalArgumentException(
                    "not a snapshot: index " + index + ", term " + term + ", membership of index " + membership.index()
                            + ", " + sizeBytes + " bytes, " + manifestBytes + " of them a manifest");
        }
    }

    /** A snapshot whose content is one stream. */
    public SnapshotMeta(long index, long term, MembershipAt membership, long sizeBytes, long fingerprint) {
        this(index, term, membership, sizeBytes, fingerprint, 0);
    }

    /** Whether its content is a manifest and files. */
    public boolean inFiles() {
        return manifestBytes > 0;
    }
}
