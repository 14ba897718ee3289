package io.jangada.kv.mvcc;

import io.jangada.kv.model.Bytes;
import org.jspecify.annotations.Nullable;

/** The keys that a request names: one, those from one to another, or all from one on. {@code end} is null for the last kind. */
record KeyRange(Bytes start, @Nullable Bytes end, boolean single) {

    /** Reads {@code range_end} as etcd does: empty means the one key, a single zero byte means no end. */
    static KeyRange of(Bytes key, Bytes rangeEnd) {
        if (rangeEnd.isEmpty()) {
            return new KeyRange(key, null, true);
        }
        boolean endless = rangeEnd.length() == 1 && rangeEnd.at(0) == 0;
        return new KeyRange(key, endless ? null : rangeEnd, false);
    }

    /** Whether no key can be in it. */
    boolean isEmpty() {
        return end != null && start.compareTo(end) >= 0;
    }

    byte[] currentFrom() {
        return Keys.current(start);
    }

    byte[] currentTo() {
        return end == null ? Keys.currentEnd() : Keys.current(end);
    }

    byte[] historyFrom() {
        return Keys.historyStart(start);
    }

    byte[] historyTo() {
        return end == null ? Keys.historyEnd() : Keys.historyStart(end);
    }
}
