package io.jangada.storage;

import io.jangada.core.model.HardState;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;

/**
 * What the log is after a record, in a few numbers of constant size: every header has it, so that any one that is intact tells what lost records before it did.
 *
 * @param lastIndex the last entry, the base if there is none
 * @param lastTerm the term of that entry, 0 for a log that never had one
 * @param runStart the first entry of the run of entries with the last term, 0 if there is no entry behind the base
 * @param fingerprint the sum of {@link #mix} over the runs of entries with one term behind the base, the first taken to start right behind the base
 * @param hardState the latest term and vote
 * @param baseIndex the entry behind which the log begins, 0 if it was never compacted
 * @param baseTerm the term of that entry, 0 if there is none
 * @param cut when something has last been taken away from the end
 */
record LogSummary(
        long lastIndex,
        long lastTerm,
        long runStart,
        long fingerprint,
        HardState hardState,
        long baseIndex,
        long baseTerm,
        Cut cut) {
    static final int BYTES = 64 + Cut.BYTES;

    /** A log in which nothing has ever been. */
    static final LogSummary EMPTY = new LogSummary(0, 0, 0, 0, HardState.INITIAL, 0, 0, Cut.NONE);

    LogPosition last() {
        return new LogPosition(lastIndex, lastTerm);
    }

    /** Whether the record of this number or a later one may have taken this entry from the log: by a cut before it, one that is not told here, or a reset to a base behind it. */
    boolean mayHaveCut(long entry, long since) {
        return cut.sequence() >= since && (cut.index() < entry || cut.before() >= since || entry <= baseIndex);
    }

    /** What one run of entries with the same term adds to the fingerprint of a log. */
    static long mix(long start, long term) {
        return FolderIdentity.mix(start ^ FolderIdentity.mix(term));
    }

    /** Fills {@link #BYTES} of the target at this position. */
    void encode(ByteBuffer target, int at) {
        target.putLong(at, lastIndex).putLong(at + 8, lastTerm);
        target.putLong(at + 16, runStart).putLong(at + 24, fingerprint);
        target.putLong(at + 32, hardState.term())
                .putLong(at + 40, hardState.votedFor().value());
        target.putLong(at + 48, baseIndex).putLong(at + 56, baseTerm);
        cut.encode(target, at + 64);
    }

    /** Reads what {@link #encode} has written. */
    static LogSummary decode(ByteBuffer source, int at) {
        return new LogSummary(
                source.getLong(at),
                source.getLong(at + 8),
                source.getLong(at + 16),
                source.getLong(at + 24),
                new HardState(source.getLong(at + 32), new NodeId(source.getLong(at + 40))),
                source.getLong(at + 48),
                source.getLong(at + 56),
                Cut.decode(source, at + 64));
    }

    /** Whether numbers at this position can be those of a log, so that {@link #decode} may be asked for them. */
    static boolean isPossible(ByteBuffer source, int at) {
        long last = source.getLong(at);
        long lastTerm = source.getLong(at + 8);
        long runStart = source.getLong(at + 16);
        long base = source.getLong(at + 48);
        long baseTerm = source.getLong(at + 56);
        return base >= 0
                && last >= base
                && lastTerm >= baseTerm
                && baseTerm >= 0
                && (base == 0) == (baseTerm == 0)
                && (last == base ? runStart == 0 && lastTerm == baseTerm : runStart > base && runStart <= last)
                && source.getLong(at + 32) >= 0
                && Cut.isPossible(source, at + 64);
    }
}
