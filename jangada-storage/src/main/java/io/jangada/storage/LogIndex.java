package io.jangada.storage;

import io.jangada.core.model.Entry;
import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each entry is: in which segment, or still in memory because its record has not been handed to the disk.
 *
 * <p>Written by the journal thread, read by any. The log begins at index 1.
 */
final class LogIndex {

    /**
     * Where to find an entry.
     *
     * @param generation changes with each cut of the log: answers of different generations belong to different logs
     * @param entries the entry and its successors, if they are in memory
     * @param segment the segment to read, 0 if the entries are in memory or there are none
     * @param position the offset to read from
     * @param lastIndex the last entry to be taken from what is read there
     */
    record Place(long generation, List<Entry> entries, long segment, long position, long lastIndex) {}

    private final List<Extent> extents = new ArrayList<>();
    private final List<TermStart> terms = new ArrayList<>();
    private List<Entry> unwritten = new ArrayList<>();
    private long lastIndex;
    private long generation;
    /** Set by a cut: what follows lies behind superseded entries and begins a new extent. */
    private boolean cut;

    synchronized long lastIndex() {
        return lastIndex;
    }

    /** The term of the last entry, 0 if there is none. */
    synchronized long lastTerm() {
        return terms.isEmpty() ? 0 : terms.get(terms.size() - 1).term();
    }

    synchronized List<TermStart> terms() {
        return List.copyOf(terms);
    }

    /** The entries of the record at this place are the next ones of the log. */
    synchronized void append(long segment, long position, long term, int count) {
        if (terms.isEmpty() || lastTerm() != term) {
            terms.add(new TermStart(lastIndex + 1, term));
        }
        Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
        if (last == null || last.segment() != segment || cut) {
            last = new Extent(segment, lastIndex + 1);
            extents.add(last);
            cut = false;
        }
        last.append(position, count);
        lastIndex += count;
    }

    /** As {@link #append}, for entries that are still in memory only. */
    synchronized void appendUnwritten(long segment, long position, List<Entry> entries) {
        append(segment, position, entries.get(0).term(), entries.size());
        unwritten.addAll(entries);
    }

    /** Everything has been handed to the disk. */
    synchronized void written() {
        if (!unwritten.isEmpty()) {
            unwritten = new ArrayList<>();
        }
    }

    /** Forgets the entries after this index. */
    synchronized void truncate(long after) {
        long firstUnwritten = lastIndex - unwritten.size() + 1;
        if (after < lastIndex) {
            int keep = (int) Math.max(0, after - firstUnwritten + 1);
            if (keep < unwritten.size()) {
                unwritten = new ArrayList<>(unwritten.subList(0, keep));
            }
        }
        while (!extents.isEmpty() && extents.get(extents.size() - 1).firstIndex() > after) {
            extents.remove(extents.size() - 1);
        }
        if (!extents.isEmpty() && extents.get(extents.size() - 1).lastIndex() > after) {
            extents.get(extents.size() - 1).truncate(after);
        }
        while (!terms.isEmpty() && terms.get(terms.size() - 1).index() > after) {
            terms.remove(terms.size() - 1);
        }
        lastIndex = after;
        generation++;
        cut = true;
    }

    /** Where this entry is; at most so many entries that are in memory are returned. */
    synchronized Place find(long index, int maxEntries) {
        if (index < 1 || index > lastIndex) {
            return new Place(generation, List.of(), 0, 0, 0);
        }
        long firstUnwritten = lastIndex - unwritten.size() + 1;
        if (index >= firstUnwritten) {
            int from = (int) (index - firstUnwritten);
            int to = (int) Math.min(unwritten.size(), (long) from + maxEntries);
            return new Place(generation, List.copyOf(unwritten.subList(from, to)), 0, 0, 0);
        }
        Extent extent = extentOf(index);
        long last = Math.min(extent.lastIndex(), firstUnwritten - 1);
        return new Place(generation, List.of(), extent.segment(), extent.positionBefore(index), last);
    }

    private Extent extentOf(long index) {
        int low = 0;
        int high = extents.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (extents.get(middle).firstIndex() <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return extents.get(low);
    }
}
