package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;

/**
 * The first bytes of a segment: what it is, and the state of the log before its first record, so that a log can be read from any
 * segment on and earlier ones can go.
 *
 * @param number counts up by one, from 1; never used twice in a folder
 * @param segmentId what binds the segment's records to it
 * @param capacity the length of the file in bytes
 * @param firstSequence the sequence number of the first record
 * @param nextIndex the index of the next entry to be appended
 * @param lastTerm the term of the entry before that, 0 if there is none
 * @param baseIndex the entry behind which the log begins, 0 if it was never compacted (and in version 1)
 * @param baseTerm the term of that entry, 0 if there is none
 */
record SegmentHeader(
        LogIdentity owner,
        long number,
        long segmentId,
        long capacity,
        long firstSequence,
        long nextIndex,
        long lastTerm,
        HardState hardState,
        long baseIndex,
        long baseTerm) {

    static final int VERSION = 2;
    static final int BYTES = 128;
    static final long MAX_CAPACITY = Integer.MAX_VALUE - 7;

    private static final long MAGIC = 0x4a414e47414c4f47L; // "JANGALOG"
    private static final int CHECKSUM_AT = BYTES - 4;

    /** Fills the first {@link #BYTES} of the target. */
    void encode(ByteBuffer target) {
        target.putLong(0, MAGIC).putInt(8, VERSION).putInt(12, BYTES);
        target.putLong(16, owner.cluster().value()).putLong(24, owner.node().value());
        target.putLong(32, number).putLong(40, segmentId).putLong(48, capacity);
        target.putLong(56, firstSequence).putLong(64, nextIndex).putLong(72, lastTerm);
        target.putLong(80, hardState.term()).putLong(88, hardState.votedFor().value());
        target.putLong(96, baseIndex).putLong(104, baseTerm);
        for (int at = 112; at < CHECKSUM_AT; at += 4) {
            target.putInt(at, 0);
        }
        target.putInt(CHECKSUM_AT, Checksum.of(target, 0, CHECKSUM_AT));
    }

    /** What is wrong with these {@link #BYTES} as a header that this version reads, empty if nothing is. */
    static String defectOf(ByteBuffer bytes) {
        if (bytes.getLong(0) != MAGIC) {
            return "the segment header does not begin as one does";
        }
        if (bytes.getInt(CHECKSUM_AT) != Checksum.of(bytes, 0, CHECKSUM_AT)) {
            return "the checksum of the segment header is wrong";
        }
        int version = bytes.getInt(8);
        if (version < 1 || version > VERSION || bytes.getInt(12) != BYTES) {
            return "the segment has format version " + version + ", this release reads 1 to " + VERSION;
        }
        boolean inRange = bytes.getLong(24) != 0
                && bytes.getLong(48) >= BYTES
                && bytes.getLong(48) <= MAX_CAPACITY
                && bytes.getLong(56) >= 1
                && bytes.getLong(64) >= 1
                && bytes.getLong(72) >= 0
                && bytes.getLong(80) >= 0
                && bytes.getLong(96) >= 0
                && bytes.getLong(96) < bytes.getLong(64)
                && bytes.getLong(104) >= 0
                && (bytes.getLong(96) == 0) == (bytes.getLong(104) == 0);
        return inRange ? "" : "the segment header has a value out of range";
    }

    /** Reads a header in which {@link #defectOf} has found nothing. */
    static SegmentHeader decode(ByteBuffer bytes) {
        return new SegmentHeader(
                new LogIdentity(new ClusterId(bytes.getLong(16)), new NodeId(bytes.getLong(24))),
                bytes.getLong(32),
                bytes.getLong(40),
                bytes.getLong(48),
                bytes.getLong(56),
                bytes.getLong(64),
                bytes.getLong(72),
                new HardState(bytes.getLong(80), new NodeId(bytes.getLong(88))),
                bytes.getLong(96),
                bytes.getLong(104));
    }
}
