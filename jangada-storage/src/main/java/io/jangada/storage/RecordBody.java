package io.jangada.storage;

import io.jangada.api.spi.EntryCodec;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.step.WriteBatch;
import io.jangada.core.step.WriteBatch.SalvageFate;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record says: a hard state, a base, a cut, what is promised, entries of one term; each optional, in this order. The fate of the salvage stands in the flags alone.
 *
 * @param promised what the node may have acknowledged beyond the log as it is after the record, null for nothing
 */
record RecordBody(
        @Nullable HardState hardState,
        @Nullable LogBase base,
        long truncateAfter,
        @Nullable Promised promised,
        List<Entry> entries,
        SalvageFate salvage) {
    private static final int HARD_STATE_BYTES = 16;
    private static final int BASE_BYTES = 16;
    private static final int TRUNCATION_BYTES = 8;

    int flags() {
        return (hardState != null ? RecordHeader.HARD_STATE : 0)
                | (base != null ? RecordHeader.BASE : 0)
                | (base != null && base.reset() ? RecordHeader.RESET : 0)
                | (truncateAfter != WriteBatch.KEEP_ALL ? RecordHeader.TRUNCATION : 0)
                | (promised != null ? RecordHeader.PROMISED : 0)
                | (salvage == SalvageFate.ADOPT ? RecordHeader.ADOPT : 0)
                | (salvage == SalvageFate.DROP ? RecordHeader.DROP : 0);
    }

    /** The length of the encoding in bytes. Throws {@link ArithmeticException} if it is beyond what a segment can hold. */
    int length() {
        int length = prefixLength(flags());
        for (int i = 0; i < entries.size(); i++) {
            length = Math.addExact(length, EntryCodec.encodedSize(entries.get(i)));
        }
        return length;
    }

    /** How many bytes precede the entries in the body of a record with these flags. */
    static int prefixLength(int flags) {
        return promisedAt(flags) + ((flags & RecordHeader.PROMISED) != 0 ? PromisedBytes.LENGTH : 0);
    }

    private static int promisedAt(int flags) {
        return truncationAt(flags) + ((flags & RecordHeader.TRUNCATION) != 0 ? TRUNCATION_BYTES : 0);
    }

    private static int truncationAt(int flags) {
        return baseAt(flags) + ((flags & RecordHeader.BASE) != 0 ? BASE_BYTES : 0);
    }

    private static int baseAt(int flags) {
        return (flags & RecordHeader.HARD_STATE) != 0 ? HARD_STATE_BYTES : 0;
    }

    /** Writes the body at the target's position and moves it. */
    void encode(ByteBuffer target) {
        if (hardState != null) {
            target.putLong(hardState.term()).putLong(hardState.votedFor().value());
        }
        if (base != null) {
            target.putLong(base.index()).putLong(base.term());
        }
        if (truncateAfter != WriteBatch.KEEP_ALL) {
            target.putLong(truncateAfter);
        }
        if (promised != null) {
            PromisedBytes.encode(promised, target, target.position());
            target.position(target.position() + PromisedBytes.LENGTH);
        }
        for (int i = 0; i < entries.size(); i++) {
            EntryCodec.encode(entries.get(i), target);
        }
    }

    /** The same with what the node may have acknowledged beyond the log. */
    RecordBody promising(Promised newPromised) {
        return new RecordBody(hardState, base, truncateAfter, newPromised, entries, salvage);
    }

    /** The header of a record with this body, which has been encoded with this length and checksum; the flags of the log's state after it are added to those of the body. */
    RecordHeader header(int length, int checksum, long sequence, long durable, LogSummary after, int stateFlags) {
        boolean none = entries.isEmpty();
        return new RecordHeader(
                length,
                checksum,
                sequence,
                durable,
                none ? 0 : entries.get(0).index(),
                none ? 0 : entries.get(0).term(),
                entries.size(),
                flags() | stateFlags,
                after);
    }

    /** The hard state in a body with these flags, null if it has none. */
    static @Nullable HardState hardStateIn(ByteBuffer body, int flags) {
        if ((flags & RecordHeader.HARD_STATE) == 0) {
            return null;
        }
        return new HardState(body.getLong(0), new NodeId(body.getLong(8)));
    }

    /** The base in a body with these flags, null if it has none; numbers that are none of a base are an {@link IllegalArgumentException}. */
    static @Nullable LogBase baseIn(ByteBuffer body, int flags) {
        if ((flags & RecordHeader.BASE) == 0) {
            return null;
        }
        int at = baseAt(flags);
        return new LogBase(body.getLong(at), body.getLong(at + 8), (flags & RecordHeader.RESET) != 0);
    }

    /** The index after which a body with these flags cuts the log, {@link WriteBatch#KEEP_ALL} if it does not. */
    static long truncateAfterIn(ByteBuffer body, int flags) {
        if ((flags & RecordHeader.TRUNCATION) == 0) {
            return WriteBatch.KEEP_ALL;
        }
        return body.getLong(truncationAt(flags));
    }

    /** What a body with these flags says of promises; numbers that are none are an {@link IllegalArgumentException}. */
    static Promised promisedIn(ByteBuffer body, int flags) {
        if ((flags & RecordHeader.PROMISED) == 0) {
            return Promised.NOTHING;
        }
        return PromisedBytes.decode(body, promisedAt(flags));
    }
}
