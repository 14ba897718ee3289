package io.jangada.core.log;

import io.jangada.core.model.Invariants;
import io.jangada.core.model.TermStart;
import java.util.Arrays;
import java.util.List;

/**
 * The term of every entry of a log, as runs: terms only rise along a log, so a log of any length is a handful of numbers, and no
 * question about a term ever needs the disk.
 */
final class TermRuns {
    private long[] starts = new long[8];
    private long[] terms = new long[8];
    private int count;

    TermRuns(List<TermStart> runs) {
        for (TermStart run : runs) {
            add(run.index(), run.term());
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

    /** Forgets everything after this index. */
    void truncateAfter(long index) {
        while (count > 0 && starts[count - 1] > index) {
            count--;
        }
    }

    /** The term of an entry that is in the log; 0 if there is no run at or before it. */
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
