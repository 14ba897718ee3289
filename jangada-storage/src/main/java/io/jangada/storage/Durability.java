package io.jangada.storage;

import io.jangada.core.model.LogPosition;

/**
 * How far a log is proven to have been durable once, as its records are read: each says up to which offset its segment had been synchronised before it was written.
 *
 * <p>A segment that has a successor had been synchronised as a whole. All positions are those of the log at one time: if it was cut later, what is proven goes back with it.
 */
final class Durability {
    private LogPosition proven = new LogPosition(0, 0);
    private LogPosition before = new LogPosition(0, 0);
    private long durable;

    LogPosition proven() {
        return proven;
    }

    /** The log had this end when a segment ended, and all of it was durable. */
    void sealed(LogPosition last) {
        proven = last;
        before = last;
        durable = 0;
    }

    /** The next record, mark or header of the segment, after which the log has this end. */
    void saw(RecordHeader header, LogPosition last) {
        if (header.durable() > durable) {
            durable = header.durable();
            proven = before;
        }
        before = last;
    }

    /** Something was cut from the end of the log, which left this: nothing behind it is promised any more, whether the cut was durable or not. */
    void cut(LogPosition left) {
        proven = proven.isAfter(left) ? left : proven;
    }

    /** As {@link #saw}, of the first one behind a hole that begins at this offset. */
    void sawBehindHole(RecordHeader header, LogPosition last, long hole) {
        if (header.durable() <= hole) {
            saw(header, last); // the hole belongs to the same unfinished synchronisation
            return;
        }
        durable = header.durable();
        LogSummary after = header.after();
        boolean tells = after != null && header.count() > 0 && after.runStart() < header.firstIndex();
        proven = tells ? new LogPosition(header.firstIndex() - 1, header.term()) : last;
        before = last;
    }
}
