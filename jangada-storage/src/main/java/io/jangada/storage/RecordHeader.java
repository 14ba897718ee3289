package io.jangada.storage;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the body of a record: its place in the stream, names of the entries in it, and the checksums.
 *
 * <p>The header has a checksum of its own, so that its length can be trusted, that a damaged body is still named, and that a header
 * behind a damaged place proves how far the log had been durable. The checksum is bound to segment and offset: a
 * copy of a record anywhere else is not a record (trap 42).
 *
 * @param bodyLength in bytes, without the padding to a multiple of 8
 * @param sequence counts up by one over all records of the log, from 1
 * @param durable the segment was durable up to this offset before this record was written
 * @param firstIndex the index of the first entry in the body, 0 if there is none
 * @param term the term of every entry in the body, 0 if there is none
 * @param count how many entries the body has
 */
record RecordHeader(
        int bodyLength,
        int bodyChecksum,
        long sequence,
        long durable,
        long firstIndex,
        long term,
        int count,
        int flags) {

    static final int BYTES = 56;
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

    static final int MAGIC = 0x4a524543; // "JREC"

    /** The header that ends a segment; the sequence number is that of the first record of the next. */
    static RecordHeader end(long nextSequence, long durable) {
        return new RecordHeader(0, 0, nextSequence, durable, 0, 0, 0, END);
    }

    boolean isEnd() {
        return flags == END;
    }

    /** The bytes from the beginning of this record to that of the next. */
    int size() {
        return sizeOf(bodyLength);
    }

    /** The bytes that a record with a body of this length takes. */
    static int sizeOf(int bodyLength) {
        return Math.addExact(BYTES, Math.addExact(bodyLength, ALIGNMENT - 1) & -ALIGNMENT);
    }

    /** Writes the header at this position of the target. The binding is the sum of the segment's id and the record's offset in it. */
    void encode(ByteBuffer target, int at, long binding) {
        target.putInt(at + 8, bodyLength).putInt(at + 12, bodyChecksum);
        target.putLong(at + 16, sequence).putLong(at + 24, durable);
        target.putLong(at + 32, firstIndex).putLong(at + 40, term);
        target.putInt(at + 48, count).putInt(at + 52, flags);
        int checksum = checksum(target, at, binding);
        target.putInt(at, MAGIC).putInt(at + 4, checksum);
    }

    /**
     * Reads the header at this position; null if there is none with this binding. The source is written to for a moment: it must
     * belong to the caller.
     */
    static @Nullable RecordHeader decode(ByteBuffer source, int at, long binding) {
        if (source.getInt(at) != MAGIC) {
            return null;
        }
        long start = source.getLong(at);
        boolean intact = (int) start == checksum(source, at, binding);
        source.putLong(at, start);
        if (!intact) {
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
                source.getInt(at + 52));
    }

    /** One pass over the whole header, its first eight bytes replaced by the binding; leaves them so. */
    private static int checksum(ByteBuffer buffer, int at, long binding) {
        buffer.putLong(at, binding);
        return Checksum.of(buffer, at, BYTES);
    }
}
