package io.jangada.core.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * When a leader made the entries of its term, as exactly as is wanted: whoever has an entry has heard of the leader since it was made.
 *
 * <p>Bounded: an entry between two marks counts as made at the earlier one, and one before all marks is too old to say anything.
 */
final class EntryTimes {
    private static final int MAX_MARKS = 64;

    private record Mark(long index, long atNanos) {}

    private final long grainNanos;
    private final Deque<Mark> marks = new ArrayDeque<>();

    /** {@code grainNanos}: how far apart marks are at least. */
    EntryTimes(long grainNanos) {
        this.grainNanos = grainNanos;
    }

    /** An entry is made, one with a higher index than all before. */
    void made(long index, long nowNanos) {
        Mark latest = marks.peekLast();
        if (latest != null && nowNanos - latest.atNanos < grainNanos) {
            return;
        }
        marks.add(new Mark(index, nowNanos));
        if (marks.size() > MAX_MARKS) {
            marks.remove();
        }
    }

    /** A time at or before which the entry at this index was made, the latest that is known; empty if it is from before the marks. */
    OptionalLong madeSince(long index) {
        for (Iterator<Mark> newest = marks.descendingIterator(); newest.hasNext(); ) {
            Mark mark = newest.next();
            if (mark.index <= index) {
                return OptionalLong.of(mark.atNanos);
            }
        }
        return OptionalLong.empty();
    }
}
