package io.jangada.storage;

import io.jangada.api.spi.EntryCodec;
import io.jangada.api.spi.EntryFormatException;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The state of the log so far while its records are read again, in order. */
final class Replay {
    private final LogIndex index = new LogIndex();
    private HardState hardState = HardState.INITIAL;
    private long nextSequence = 1;

    LogIndex index() {
        return index;
    }

    HardState hardState() {
        return hardState;
    }

    /** The sequence number that the next record must have. */
    long nextSequence() {
        return nextSequence;
    }

    LogState state() {
        return new LogState(hardState, 1, index.lastIndex(), index.terms());
    }

    /** What in this header contradicts the log so far, empty if nothing does. */
    String contradictionIn(SegmentHeader header) {
        if (header.firstSequence() != nextSequence) {
            return "the segment begins with record " + header.firstSequence() + ", but record " + nextSequence
                    + " comes next";
        }
        if (header.nextIndex() != index.lastIndex() + 1 || header.lastTerm() != index.lastTerm()) {
            return "the segment goes on after entry " + (header.nextIndex() - 1) + "@" + header.lastTerm()
                    + ", but the log before it ends with " + index.lastIndex() + "@" + index.lastTerm();
        }
        if (!header.hardState().equals(hardState)) {
            return "the segment begins with " + header.hardState() + ", but the log before it ends with " + hardState;
        }
        return "";
    }

    /** Takes the record as the next one of this segment; returns what in it contradicts the log so far, empty if nothing does. */
    String apply(long segment, ScannedRecord record) {
        RecordHeader header = record.header();
        if (header.sequence() != nextSequence) {
            return "here is record " + header.sequence() + ", but record " + nextSequence + " comes next";
        }
        HardState state = RecordBody.hardStateIn(record.body(), header.flags());
        long truncateAfter = RecordBody.truncateAfterIn(record.body(), header.flags());
        if (truncateAfter != WriteBatch.KEEP_ALL) {
            if (truncateAfter < 0 || truncateAfter > index.lastIndex()) {
                return "the log is cut after entry " + truncateAfter + ", but ends with " + index.lastIndex();
            }
            index.truncate(truncateAfter);
        }
        if (header.count() > 0) {
            String wrong = contradictionIn(record);
            if (!wrong.isEmpty()) {
                return wrong;
            }
            index.append(segment, record.position(), header.term(), header.count());
        }
        hardState = state != null ? state : hardState;
        nextSequence++;
        return "";
    }

    private String contradictionIn(ScannedRecord record) {
        RecordHeader header = record.header();
        if (header.firstIndex() != index.lastIndex() + 1 || header.term() < Math.max(1, index.lastTerm())) {
            return "entry " + header.firstIndex() + "@" + header.term() + " does not follow " + index.lastIndex() + "@"
                    + index.lastTerm();
        }
        String wrong = misnamedEntry(record);
        return wrong == null ? "" : wrong;
    }

    /** The entries must be what their header names; the checksums are right, so anything else is a fault of the writer. */
    private static @Nullable String misnamedEntry(ScannedRecord record) {
        RecordHeader header = record.header();
        ByteBuffer body = record.body();
        int at = RecordBody.prefixLength(header.flags());
        try {
            for (int i = 0; i < header.count(); i++) {
                int size = EntryCodec.sizeAt(body, at);
                if (EntryCodec.indexAt(body, at) != header.firstIndex() + i
                        || EntryCodec.termAt(body, at) != header.term()) {
                    return "entry " + EntryCodec.indexAt(body, at) + "@" + EntryCodec.termAt(body, at) + " in "
                            + header;
                }
                at += size;
            }
        } catch (EntryFormatException e) {
            return e.getMessage() + " in " + header;
        }
        return at == body.limit() ? null : "bytes behind the last entry of " + header;
    }
}
