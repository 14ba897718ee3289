package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment, kept twice: what it is, and the state of the log before its first record, so that a log can be read from any
 * segment on and earlier ones can go.
 *
 * @param version the format of the segment and its records
 * @param number counts up by one, from 1; never used twice in a folder
 * @param segmentId what binds the segment's records to it
 * @param capacity the length of the file in bytes
 * @param firstSequence the sequence number of the first record
 * @param before what the log is before the first record; of an old version its {@link LogSummary#runStart} and {@link LogSummary#fingerprint} are not known
 * @param promised what the node may have acknowledged beyond that
 * @param flags {@link #RECOVERED}, {@link #SALVAGE}
 */
record SegmentHeader(
        int version,
        LogIdentity owner,
        long number,
        long segmentId,
        long capacity,
        long firstSequence,
        LogSummary before,
        Promised promised,
        int flags) {

    static final int VERSION = 3;
    static final int BYTES = 256;
    /** Where the second copy is. */
    static final int COPY_AT = RecordFormat.BLOCK_BYTES;

    static final long MAX_CAPACITY = Integer.MAX_VALUE - 7;

    /** This header says what recovery has made of what was before: nothing else in the segment before it counts than the records before its first sequence number. */
    static final int RECOVERED = 1;
    /** Before the first record there is something intact behind a gap that is not part of the log. */
    static final int SALVAGE = 2;

    private static final long MAGIC = 0x4a414e47414c4f47L; // "JANGALOG"
    private static final int CHECKSUM_BYTES = 4;
    private static final int OLD_BYTES = 128;
    private static final int OLD_VERSION = 2;
    private static final int SUMMARY_AT = 64;
    private static final int PROMISED_AT = SUMMARY_AT + LogSummary.BYTES;
    private static final int FLAGS_AT = PROMISED_AT + PromisedBytes.LENGTH;

    RecordFormat format() {
        return RecordFormat.of(version);
    }

    boolean isRecovered() {
        return (flags & RECOVERED) != 0;
    }

    boolean hasSalvage() {
        return (flags & SALVAGE) != 0;
    }

    /** Fills the first {@link #BYTES} of the target. */
    void encode(ByteBuffer target) {
        target.putLong(0, MAGIC).putInt(8, VERSION).putInt(12, BYTES);
        target.putLong(16, owner.cluster().value()).putLong(24, owner.node().value());
        target.putLong(32, number).putLong(40, segmentId).putLong(48, capacity);
        target.putLong(56, firstSequence);
        before.encode(target, SUMMARY_AT);
        PromisedBytes.encode(promised, target, PROMISED_AT);
        target.putInt(FLAGS_AT, flags);
        for (int at = FLAGS_AT + 4; at < BYTES - CHECKSUM_BYTES; at += 4) {
            target.putInt(at, 0);
        }
        target.putInt(BYTES - CHECKSUM_BYTES, Checksum.of(target, 0, BYTES - CHECKSUM_BYTES));
    }

    /** What is wrong with these {@link #BYTES} as a header that this version reads, empty if nothing is. */
    static String defectOf(ByteBuffer bytes) {
        if (bytes.getLong(0) != MAGIC) {
            return "the segment header does not begin as one does";
        }
        int version = bytes.getInt(8);
        int length = bytes.getInt(12);
        int expected = version <= OLD_VERSION ? OLD_BYTES : BYTES;
        if (version < 1 || version > VERSION || length != expected) {
            return "the segment has format version " + version + ", this release reads 1 to " + VERSION;
        }
        if (bytes.getInt(length - CHECKSUM_BYTES) != Checksum.of(bytes, 0, length - CHECKSUM_BYTES)) {
            return "the checksum of the segment header is wrong";
        }
        boolean inRange = bytes.getLong(24) != 0
                && bytes.getLong(32) >= 1
                && bytes.getLong(48) >= OLD_BYTES
                && bytes.getLong(48) <= MAX_CAPACITY
                && bytes.getLong(56) >= 1
                && (version <= OLD_VERSION
                        ? isOldInRange(bytes)
                        : LogSummary.isPossible(bytes, SUMMARY_AT) && PromisedBytes.isPossible(bytes, PROMISED_AT));
        return inRange ? "" : "the segment header has a value out of range";
    }

    private static boolean isOldInRange(ByteBuffer bytes) {
        return bytes.getLong(64) >= 1
                && bytes.getLong(72) >= 0
                && bytes.getLong(80) >= 0
                && bytes.getLong(96) >= 0
                && bytes.getLong(96) < bytes.getLong(64)
                && bytes.getLong(104) >= 0
                && (bytes.getLong(96) == 0) == (bytes.getLong(104) == 0);
    }

    /** The header in these {@link #BYTES}, null if they are none. */
    static @Nullable SegmentHeader decode(ByteBuffer bytes) {
        if (!defectOf(bytes).isEmpty()) {
            return null;
        }
        int version = bytes.getInt(8);
        boolean old = version <= OLD_VERSION;
        return new SegmentHeader(
                version,
                new LogIdentity(new ClusterId(bytes.getLong(16)), new NodeId(bytes.getLong(24))),
                bytes.getLong(32),
                bytes.getLong(40),
                bytes.getLong(48),
                bytes.getLong(56),
                old ? oldSummary(bytes) : LogSummary.decode(bytes, SUMMARY_AT),
                old ? Promised.NOTHING : PromisedBytes.decode(bytes, PROMISED_AT),
                old ? 0 : bytes.getInt(FLAGS_AT));
    }

    private static LogSummary oldSummary(ByteBuffer bytes) {
        return new LogSummary(
                bytes.getLong(64) - 1,
                bytes.getLong(72),
                0,
                0,
                new HardState(bytes.getLong(80), new NodeId(bytes.getLong(88))),
                bytes.getLong(96),
                bytes.getLong(104),
                Cut.NONE);
    }
}
