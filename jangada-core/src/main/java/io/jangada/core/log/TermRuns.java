package io.jangada.core.log;

import io.jangada.core.model.Invariants;
import io.jangada.core.model.TermStart;
import java.util.Arrays;
import java.util.List;

/**
 * The term of every entry of a log, as runs: terms only rise along a log, so a log of any length is a handful of numbers, and no
 * question about a term ever needs the disk.
 *
 * <p>The base of a compacted log, the entry before its first one, counts as an entry: its term is known, those before it are not asked for.
 */
final class TermRuns {
    private long[] starts = new long[8];
    private long[] terms = new long[8];
    private int count;

    TermRuns(List<TermStart> runs) {
        this(0, 0, runs);
    }

    /** Runs behind a base; 0 and 0 for a log that begins with its first entry. */
    TermRuns(long baseIndex, long baseTerm, List<TermStart> runs) {
        if (baseIndex > 0) {
            add(baseIndex, baseTerm);
        }
        for (TermStart run : runs) {
            append(run.index(), run.term());
        }
    }

    private void add(long start, long term) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            terms = Arrays.copyOf(terms, count * 2);
        }
        starts[count] = start;
        terms[count] = term;
        count++;
    }

    /** Notes that the entry after the last one has this term. */
    void append(long index, long term) {
        if (count > 0 && terms[count - 1] == term) {
            return;
        }
        Invariants.require(
                count == 0 || terms[count - 1] < term,
                "entry " + index + " has term " + term + ", lower than before it");
        add(index, term);
    }

    /** The entry at this index becomes the base: forgets the runs that end before it. */
    void compactTo(long index) {
        int drop = Math.max(0, runAt(index));
        System.arraycopy(starts, drop, starts, 0, count - drop);
        System.arraycopy(terms, drop, terms, 0, count - drop);
        count -= drop;
    }

    /** Forgets everything; the base is known, and nothing follows it. */
    void resetTo(long index, long term) {
        count = 0;
        add(index, term);
    }

    /** Forgets everything after this index. */
    void truncateAfter(long index) {
        while (count > 0 && starts[count - 1] > index) {
            count--;
        }
    }

    /** The term of an entry that is in the log, or of its base; 0 if there is no run at or before it. */
    long termAt(long index) {
        int run = runAt(index);
        return run < 0 ? 0 : terms[run];
    }

    /** The last index, at most {@code limit}, whose term is at most {@code term}; 0 if there is none. */
    long lastIndexWithTermAtMost(long term, long limit) {
        int run = runAt(limit);
        if (run < 0) {
            return 0;
        }
        if (terms[run] <= term) {
            return limit;
        }
        while (run >= 0 && terms[run] > term) {
            run--;
        }
        return run < 0 ? 0 : starts[run + 1] - 1;
    }

    private int runAt(long index) {
        int at = Arrays.binarySearch(starts, 0, count, index);
        return at >= 0 ? at : -at - 2;
    }
}
