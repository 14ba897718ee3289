package io.jangada.storage;

import io.jangada.core.model.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * The last entries of a log as long as they are in memory only: the lists in which they came, one behind the other. Not safe for use by several threads.
 *
 * <p>The lists are kept and not copied, so that an entry costs nothing here.
 */
final class UnwrittenEntries {
    private List<List<Entry>> parts = new ArrayList<>();
    private int count;

    int count() {
        return count;
    }

    /** These entries follow. The list must not change. */
    void add(List<Entry> entries) {
        parts.add(entries);
        count += entries.size();
    }

    /** Forgets all of them. */
    void clear() {
        if (count > 0) {
            parts = new ArrayList<>(); // one that was long once does not stay long
            count = 0;
        }
    }

    /** Forgets those after this index. */
    void truncate(long after) {
        while (!parts.isEmpty() && firstOf(parts.size() - 1) > after) {
            count -= parts.remove(parts.size() - 1).size();
        }
        if (!parts.isEmpty()) {
            int part = parts.size() - 1;
            List<Entry> entries = parts.get(part);
            int keep = (int) Math.min(entries.size(), after - firstOf(part) + 1);
            parts.set(part, entries.subList(0, keep));
            count -= entries.size() - keep;
        }
    }

    /** This entry, which is one of them, and its successors, but at most so many. */
    List<Entry> from(long index, int maxEntries) {
        List<Entry> found = new ArrayList<>();
        for (int part = partOf(index); part < parts.size() && found.size() < maxEntries; part++) {
            List<Entry> entries = parts.get(part);
            int from = (int) Math.max(0, index - firstOf(part));
            int to = (int) Math.min(entries.size(), (long) from + maxEntries - found.size());
            found.addAll(entries.subList(from, to));
        }
        return List.copyOf(found);
    }

    private int partOf(long index) {
        int low = 0;
        int high = parts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstOf(middle) <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private long firstOf(int part) {
        return parts.get(part).get(0).index();
    }
}
