package io.jangada.storage;

import io.jangada.core.model.Entry;
import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each entry is: in which segment, or still in memory because its record has not been handed to the disk.
 *
 * <p>Written by the journal thread, read by any. The log begins behind its base, which is 0 for one that was never compacted.
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
    private long baseIndex;
    private long baseTerm;
    private long lastIndex;
    private long generation;
    /** Set by a cut: what follows lies behind superseded entries and begins a new extent. */
    private boolean cut;

    synchronized long lastIndex() {
        return lastIndex;
    }

    /** The entry behind which the log begins. */
    synchronized long baseIndex() {
        return baseIndex;
    }

    /** The term of the last entry, that of the base if there is none. */
    synchronized long lastTerm() {
        return terms.isEmpty() ? baseTerm : terms.get(terms.size() - 1).term();
    }

    /** The term of this entry of the log or of its base, 0 for any other. */
    synchronized long termOf(long index) {
        if (index <= baseIndex || index > lastIndex) {
            return index == baseIndex ? baseTerm : 0;
        }
        int run = terms.size() - 1;
        while (terms.get(run).index() > index) {
            run--;
        }
        return terms.get(run).term();
    }

    /** The first segment with an entry of the log; if the log is empty, the given one, in which it will go on. */
    synchronized long firstSegment(long current) {
        return extents.isEmpty() ? current : extents.get(0).segment();
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
        if (after == baseIndex) {
            extents.clear(); // one may begin before the base, and no entry of the log is left in it
        }
        while (!terms.isEmpty() && terms.get(terms.size() - 1).index() > after) {
            terms.remove(terms.size() - 1);
        }
        lastIndex = after;
        generation++;
        cut = true;
    }

    /** Forgets the entries up to this one, of this term; those behind it stay as they are. */
    synchronized void compact(long index, long term) {
        int gone = 0;
        while (gone < extents.size() && extents.get(gone).lastIndex() <= index) {
            gone++;
        }
        extents.subList(0, gone).clear();
        int ended = 0;
        while (ended < terms.size() && endOfRun(ended) <= index) {
            ended++;
        }
        terms.subList(0, ended).clear();
        if (!terms.isEmpty() && terms.get(0).index() <= index) {
            terms.set(0, new TermStart(index + 1, terms.get(0).term()));
        }
        baseIndex = index;
        baseTerm = term;
    }

    private long endOfRun(int run) {
        return run + 1 < terms.size() ? terms.get(run + 1).index() - 1 : lastIndex;
    }

    /** Forgets everything: the log is empty behind this entry, of this term. */
    synchronized void reset(long index, long term) {
        extents.clear();
        terms.clear();
        unwritten = new ArrayList<>();
        baseIndex = index;
        baseTerm = term;
        lastIndex = index;
        generation++;
        cut = true;
    }

    /** Whether this entry, which was found there, has left the log since. */
    synchronized boolean hasLost(long index, Place place) {
        return generation != place.generation() || index <= baseIndex;
    }

    /** Where this entry is; at most so many entries that are in memory are returned. */
    synchronized Place find(long index, int maxEntries) {
        if (index <= baseIndex || index > lastIndex) {
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
