package io.jangada.core.log;

import io.jangada.core.model.Entry;
import io.jangada.core.model.Invariants;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest entries of the log, by reference, in one contiguous run: what followers and the state machine need is almost always here. */
final class EntryTail {
    private @Nullable Entry[] ring = new Entry[64];
    private long first;
    private int count;
    private long weight;

    /** An empty tail whose next entry has this index. */
    EntryTail(long nextIndex) {
        first = nextIndex;
    }

    long firstIndex() {
        return first;
    }

    long weight() {
        return weight;
    }

    void append(Entry entry) {
        Invariants.require(
                entry.index() == first + count, "entry " + entry + " does not follow " + (first + count - 1));
        if (count == ring.length) {
            grow();
        }
        ring[slot(entry.index())] = entry;
        count++;
        weight += entry.weight();
    }

    private void grow() {
        @Nullable Entry[] larger = new Entry[ring.length * 2];
        for (long index = first; index < first + count; index++) {
            larger[(int) (index & (larger.length - 1))] = ring[slot(index)];
        }
        ring = larger;
    }

    void truncateAfter(long index) {
        while (count > 0 && first + count - 1 > index) {
            drop(first + count - 1);
        }
        if (count == 0) {
            first = Math.min(first, index + 1);
        }
    }

    /** Lets go of the oldest entries, at most up to {@code limit}, until the rest weighs no more than {@code maxWeight}. */
    void evictUpTo(long limit, long maxWeight) {
        while (count > 0 && first <= limit && weight > maxWeight) {
            drop(first);
            first++;
        }
    }

    /** Lets go of everything; the next entry has this index. */
    void resetTo(long nextIndex) {
        evictUpTo(Long.MAX_VALUE, -1);
        first = nextIndex;
    }

    private void drop(long index) {
        weight -= at(index).weight();
        ring[slot(index)] = null;
        count--;
    }

    /** Entries from {@code from} to {@code to}, as many as weigh at most {@code maxWeight} but at least one; empty if {@code from} is not here. */
    List<Entry> slice(long from, long to, long maxWeight) {
        if (from < first || from >= first + count || to < from) {
            return List.of();
        }
        long last = Math.min(to, first + count - 1);
        long end = from;
        long sum = at(from).weight();
        while (end < last && sum + at(end + 1).weight() <= maxWeight) {
            end++;
            sum += at(end).weight();
        }
        Entry[] entries = new Entry[(int) (end - from + 1)];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = at(from + i);
        }
        return List.of(entries);
    }

    private Entry at(long index) {
        Entry entry = ring[slot(index)];
        if (entry == null) {
            throw new IllegalStateException("violated invariant: entry " + index + " is missing from the tail");
        }
        return entry;
    }

    private int slot(long index) {
        return (int) (index & (ring.length - 1));
    }
}
