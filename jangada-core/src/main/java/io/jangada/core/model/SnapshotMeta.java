package io.jangada.core.model;

/**
 * What a snapshot stands for, without its content (§7).
 *
 * @param index the last entry whose effects are in it
 * @param term the term of that entry
 * @param membership the latest membership at that entry, and the index of the entry that brought it
 * @param sizeBytes the length of its content as it is stored and sent
 * @param fingerprint a checksum over that content: two snapshots with the same one are the same bytes, whoever made them
 */
public record SnapshotMeta(long index, long term, MembershipAt membership, long sizeBytes, long fingerprint) {
    public SnapshotMeta {
        if (index < 1 || term < 1 || membership.index() < 0 || membership.index() > index || sizeBytes < 0) {
            throw new IllegalArgumentException("not a snapshot: index " + index + ", term " + term
                    + ", membership of index " + membership.index() + ", " + sizeBytes + " bytes");
        }
    }
}
