package io.jangada.storage;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the body of a record: its place in the stream, names of the entries in it, what the log is after it, and the checksums.
 *
 * <p>The header has a checksum of its own, so that its length can be trusted, that a damaged body is still named, and that a header behind a damaged
 * place tells what has been lost there. The checksum is bound to segment and offset: a copy of a record anywhere else, or what an earlier use of the file has left, is
 * not a record (trap 42).
 *
 * @param bodyLength in bytes, without the padding to a multiple of 8
 * @param sequence counts up by one over all records of the log, from 1; in a mark that of the last record, in an end mark that of the next
 * @param durable the segment was durable up to this offset before this record was written
 * @param firstIndex the index of the first entry in the body, 0 if there is none; in a mark the offset where the records end
 * @param term the term of every entry in the body, 0 if there is none
 * @param count how many entries the body has
 * @param after what the log is after the record; null in {@link RecordFormat#OLD}, which does not say
 */
record RecordHeader(
        int bodyLength,
        int bodyChecksum,
        long sequence,
        long durable,
        long firstIndex,
        long term,
        int count,
        int flags,
        @Nullable LogSummary after) {

    static final int BYTES = RecordFormat.CURRENT.headerBytes();
    static final int ALIGNMENT = 8;

    /** The body begins with a hard state. */
    static final int HARD_STATE = 1;
    /** The body goes on with the index after which the log is cut. */
    static final int TRUNCATION = 2;
    /** No record: the segment is complete and the next one exists. */
    static final int END = 4;
    /** The body has the base of the log, between the hard state and the cut. */
    static final int BASE = 8;
    /** With a base: nothing of what the log held before stays. */
    static final int RESET = 16;
    /** No record: names the last one and what the log is after it, in a block of its own. */
    static final int MARK = 32;
    /** The body has what the node may have acknowledged beyond its log, behind the cut; without it that is nothing. */
    static final int PROMISED = 64;
    /** The log goes on with what is intact behind its first gap. */
    static final int ADOPT = 128;
    /** Whatever is intact behind gaps is forgotten. */
    static final int DROP = 256;
    /** After this record there is something intact behind a gap that is not part of the log. */
    static final int SALVAGE = 512;
    /** The last cut that the summary tells of was not synchronised before this was written: what it took away may still be promised, and what has followed it may never have been. */
    static final int FRESH_CUT = 1024;

    static final int MAGIC = 0x4a524543; // "JREC"

    private static final int SUMMARY_AT = 56;

    boolean isEnd() {
        return has(END);
    }

    boolean isMark() {
        return has(MARK);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The last record that this header shows to have been written: its own number or, if it is none of a record, that of the last one before it. */
    long lastSequence() {
        return isEnd() ? sequence - 1 : sequence;
    }

    RecordFormat format() {
        return after == null ? RecordFormat.OLD : RecordFormat.CURRENT;
    }

    /** The bytes from the beginning of this record to that of the next. */
    int size() {
        return format().sizeOf(bodyLength);
    }

    /** The bytes that a record with a body of this length takes. */
    static int sizeOf(int bodyLength) {
        return RecordFormat.CURRENT.sizeOf(bodyLength);
    }

    /** Writes the header at this position of the target. The binding is the sum of the segment's id and the record's offset in it. */
    void encode(ByteBuffer target, int at, long binding) {
        target.putInt(at + 8, bodyLength).putInt(at + 12, bodyChecksum);
        target.putLong(at + 16, sequence).putLong(at + 24, durable);
        target.putLong(at + 32, firstIndex).putLong(at + 40, term);
        target.putInt(at + 48, count).putInt(at + 52, flags);
        if (after != null) {
            after.encode(target, at + SUMMARY_AT);
        }
        int checksum = checksum(target, at, binding, format());
        target.putInt(at, MAGIC).putInt(at + 4, checksum);
    }

    /**
     * Reads the header at this position; null if there is none with this binding. The source is written to for a moment: it must
     * belong to the caller.
     */
    static @Nullable RecordHeader decode(ByteBuffer source, int at, long binding, RecordFormat format) {
        if (source.getInt(at) != MAGIC) {
            return null;
        }
        long start = source.getLong(at);
        boolean intact = (int) start == checksum(source, at, binding, format);
        source.putLong(at, start);
        if (!intact || (format == RecordFormat.CURRENT && !LogSummary.isPossible(source, at + SUMMARY_AT))) {
            return null;
        }
        return new RecordHeader(
                source.getInt(at + 8),
                source.getInt(at + 12),
                source.getLong(at + 16),
                source.getLong(at + 24),
                source.getLong(at + 32),
                source.getLong(at + 40),
                source.getInt(at + 48),
                source.getInt(at + 52),
                format == RecordFormat.CURRENT ? LogSummary.decode(source, at + SUMMARY_AT) : null);
    }

    /** One pass over the whole header, its first eight bytes replaced by the binding; leaves them so. */
    private static int checksum(ByteBuffer buffer, int at, long binding, RecordFormat format) {
        buffer.putLong(at, binding);
        return Checksum.of(buffer, at, format.headerBytes());
    }
}
