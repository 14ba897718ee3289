package io.jangada.storage;

import io.jangada.core.model.Promised;
import java.nio.ByteBuffer;

/**
 * What is written behind the last record of each synchronisation, in a block that holds no record: the name of that record and what the log is after it.
 *
 * <p>So no single block has both an entry and the only thing that knows of it. Behind the last record of a segment whose successor exists there is an <em>end</em>, once right
 * there and once as a mark: without it, the loss of the last file would go unseen.
 *
 * @param sequence that of the last record; in an end that of the first record of the next segment
 * @param durable up to where the segment had been synchronised before the mark was written
 * @param recordsEnd the offset behind the last record
 * @param promised what the node may have acknowledged beyond the log
 * @param flags of {@link RecordHeader}: what kind of mark it is, {@link RecordHeader#SALVAGE}, {@link RecordHeader#FRESH_CUT}
 */
record Mark(long sequence, long durable, long recordsEnd, LogSummary after, Promised promised, int flags) {
    /** No mark is longer. */
    static final int MAX_BYTES = RecordHeader.sizeOf(PromisedBytes.LENGTH);

    /** From the end of the records on there must be so much room: for an end, the way to the next block, and a mark. */
    static final int ROOM = MAX_BYTES + RecordFormat.BLOCK_BYTES + MAX_BYTES;

    static Mark of(long sequence, long durable, long recordsEnd, LogSummary after, Promised promised, int stateFlags) {
        return new Mark(sequence, durable, recordsEnd, after, promised, RecordHeader.MARK | stateFlags);
    }

    /** What is repeated at the end of the segment before this one, which is durable up to there. */
    static Mark before(SegmentHeader next, long recordsEnd) {
        return new Mark(
                next.firstSequence(),
                recordsEnd,
                recordsEnd,
                next.before(),
                next.promised(),
                next.hasSalvage() ? RecordHeader.SALVAGE : 0);
    }

    /** The first offset from here on at which a block begins. */
    static long blockFrom(long offset) {
        return (offset + RecordFormat.BLOCK_BYTES - 1) & -RecordFormat.BLOCK_BYTES;
    }

    /** The offset at which the block begins that has this one, or begins there. */
    static long blockOf(long offset) {
        return offset & -RecordFormat.BLOCK_BYTES;
    }

    private Mark as(int newFlags) {
        return new Mark(sequence, durable, recordsEnd, after, promised, newFlags);
    }

    int size() {
        return RecordHeader.sizeOf(promised.isNothing() ? 0 : PromisedBytes.LENGTH);
    }

    /** Puts zeros up to the next block and then the mark at the position of the target, which is at this offset of this segment. */
    void encodeAtBlock(ByteBuffer target, long offset, long segmentId) {
        long at = blockFrom(offset);
        Zeros.put(target, (int) (at - offset));
        encode(target, at + segmentId);
    }

    private void encode(ByteBuffer target, long binding) {
        int at = target.position();
        int body = promised.isNothing() ? 0 : PromisedBytes.LENGTH;
        int bodyAt = at + RecordHeader.BYTES;
        if (body > 0) {
            PromisedBytes.encode(promised, target, bodyAt);
        }
        int allFlags = flags | (body > 0 ? RecordHeader.PROMISED : 0);
        new RecordHeader(body, Checksum.of(target, bodyAt, body), sequence, durable, recordsEnd, 0, 0, allFlags, after)
                .encode(target, at, binding);
        target.position(bodyAt + body);
    }

    /** Puts an end at the position of the target, which is at the offset where the records end, and the mark that repeats it in the next block. */
    void encodeEnd(ByteBuffer target, long segmentId) {
        int kept = flags & RecordHeader.SALVAGE;
        as(kept | RecordHeader.END).encode(target, recordsEnd + segmentId);
        as(kept | RecordHeader.END | RecordHeader.MARK).encodeAtBlock(target, recordsEnd + size(), segmentId);
    }
}
