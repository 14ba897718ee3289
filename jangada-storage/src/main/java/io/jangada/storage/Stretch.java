package io.jangada.storage;

import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries that follow one another without a gap: their terms, and where on the disk they are. Not safe for use by several threads.
 *
 * <p>The fingerprint of the terms is kept as they change, so that a record's header costs the same however many terms the log has.
 */
final class Stretch {
    private final List<Extent> extents = new ArrayList<>();
    private final List<TermStart> terms = new ArrayList<>();
    private long before;
    private long beforeTerm;
    private long lastIndex;
    private long fingerprint;
    /** What follows does not lie right behind what is here, and begins a new extent. */
    private boolean broken;

    /** No entries, behind the one with this index and term. */
    Stretch(long before, long beforeTerm) {
        reset(before, beforeTerm);
    }

    /** The entry behind which it begins. */
    long before() {
        return before;
    }

    /** The term of that entry, 0 if it is not known. */
    long beforeTerm() {
        return beforeTerm;
    }

    long firstIndex() {
        return before + 1;
    }

    long lastIndex() {
        return lastIndex;
    }

    boolean isEmpty() {
        return lastIndex == before;
    }

    boolean holds(long index) {
        return index > before && index <= lastIndex;
    }

    /** The term of the last entry or, if there is none, of the one before. */
    long lastTerm() {
        return terms.isEmpty() ? beforeTerm : terms.get(terms.size() - 1).term();
    }

    /** Where the last run of entries with the same term begins, 0 if there are no entries. */
    long runStart() {
        return terms.isEmpty() ? 0 : terms.get(terms.size() - 1).index();
    }

    long fingerprint() {
        return fingerprint;
    }

    List<TermStart> terms() {
        return terms;
    }

    /** The term of this entry or of the one before the first, 0 for any other. */
    long termOf(long index) {
        if (!holds(index)) {
            return index == before ? beforeTerm : 0;
        }
        int run = terms.size() - 1;
        while (terms.get(run).index() > index) {
            run--;
        }
        return terms.get(run).term();
    }

    /** The segment of the earliest number with an entry in it; the given one if that is earlier or there are no entries. */
    long firstSegment(long other) {
        long first = other;
        for (Extent extent : extents) {
            first = Math.min(first, extent.segment());
        }
        return first;
    }

    /** The entries of the record at this place follow. */
    void append(long segment, long position, long term, int count) {
        if (terms.isEmpty() || lastTerm() != term) {
            add(new TermStart(lastIndex + 1, term));
        }
        Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
        if (last == null || last.segment() != segment || broken) {
            last = new Extent(segment, lastIndex + 1);
            extents.add(last);
            broken = false;
        }
        last.append(position, count);
        lastIndex += count;
    }

    /** What follows lies behind something that is no record, or no record of this stretch. */
    void interrupt() {
        broken = true;
    }

    /** Forgets the entries after this index, which is in the stretch or right before it. */
    void truncate(long after) {
        while (!extents.isEmpty() && extents.get(extents.size() - 1).firstIndex() > after) {
            extents.remove(extents.size() - 1);
        }
        if (!extents.isEmpty() && extents.get(extents.size() - 1).lastIndex() > after) {
            extents.get(extents.size() - 1).truncate(after);
        }
        while (!terms.isEmpty() && terms.get(terms.size() - 1).index() > after) {
            remove(terms.size() - 1);
        }
        lastIndex = after;
        broken = true;
    }

    /** Forgets the entries up to this one, which is in the stretch or right before it and has this term. */
    void compact(long index, long term) {
        int gone = 0;
        while (gone < extents.size() && extents.get(gone).lastIndex() <= index) {
            gone++;
        }
        extents.subList(0, gone).clear();
        if (!extents.isEmpty()) {
            extents.get(0).trimBefore(index + 1);
        }
        while (!terms.isEmpty() && endOfFirstRun() <= index) {
            remove(0);
        }
        if (!terms.isEmpty() && terms.get(0).index() <= index) {
            long runTerm = terms.get(0).term();
            remove(0);
            terms.add(0, new TermStart(index + 1, runTerm));
            fingerprint += LogSummary.mix(index + 1, runTerm);
        }
        before = index;
        beforeTerm = term;
    }

    private long endOfFirstRun() {
        return terms.size() > 1 ? terms.get(1).index() - 1 : lastIndex;
    }

    /** Forgets everything: no entries, behind this one. */
    void reset(long index, long term) {
        extents.clear();
        terms.clear();
        fingerprint = 0;
        before = index;
        beforeTerm = term;
        lastIndex = index;
        broken = true;
    }

    /** A copy of what is behind this entry, which is in the stretch or right before it. */
    Stretch copyAfter(long index) {
        Stretch rest = new Stretch(before, beforeTerm);
        extents.forEach(extent -> rest.extents.add(extent.copy()));
        terms.forEach(rest::add);
        rest.lastIndex = lastIndex;
        rest.compact(index, termOf(index));
        return rest;
    }

    /** Adds the entries of a stretch that begins right behind this one. */
    void join(Stretch next) {
        for (TermStart run : next.terms) {
            if (terms.isEmpty() || run.term() != lastTerm()) {
                add(run);
            }
        }
        extents.addAll(next.extents);
        lastIndex = next.lastIndex;
        broken = true;
    }

    private void add(TermStart run) {
        terms.add(run);
        fingerprint += LogSummary.mix(run.index(), run.term());
    }

    private void remove(int run) {
        TermStart gone = terms.remove(run);
        fingerprint -= LogSummary.mix(gone.index(), gone.term());
    }

    /** The extent in which this entry is, which is in the stretch. */
    Extent extentOf(long index) {
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
