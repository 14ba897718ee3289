package io.jangada.storage;

import java.nio.ByteBuffer;

/**
 * When something has last been taken away from the end of the log, and how far back: so that whoever misses records knows whether what was before them still holds.
 *
 * @param sequence the record that has last taken something away, 0 if none has
 * @param index the lowest entry behind which anything was taken away by the records after {@code before}, up to that one
 * @param before an earlier record; what was taken away up to it is not told here
 */
record Cut(long sequence, long index, long before) {
    static final int BYTES = 24;

    /** Nothing has ever been taken away. */
    static final Cut NONE = new Cut(0, 0, 0);

    /** The cut behind this entry by this record; earlier ones are told with it if they came after the last record that is synchronised. */
    Cut next(long newSequence, long newIndex, long synced) {
        return sequence > synced
                ? new Cut(newSequence, Math.min(index, newIndex), before)
                : new Cut(newSequence, newIndex, sequence);
    }

    void encode(ByteBuffer target, int at) {
        target.putLong(at, sequence).putLong(at + 8, index).putLong(at + 16, before);
    }

    static Cut decode(ByteBuffer source, int at) {
        return new Cut(source.getLong(at), source.getLong(at + 8), source.getLong(at + 16));
    }

    static boolean isPossible(ByteBuffer source, int at) {
        return source.getLong(at + 16) >= 0
                && source.getLong(at) >= source.getLong(at + 16)
                && source.getLong(at + 8) >= 0;
    }
}
