package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Cursor;

/**
 * A number that is equal on all nodes with the same applied state, however far each has come with removing what is compacted and whatever
 * engine it uses. Reads everything there is: for tests and for checks that somebody asks for.
 */
public final class StateHash {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private long hash = 0x4A61_6E67_6164_61L;

    private StateHash() {}

    public static long of(View view) {
        StateHash hash = new StateHash();
        Meta meta = view.meta();
        hash.add(meta.revision());
        hash.add(meta.compactRevision());
        long oldest = meta.compactRevision();
        try (Cursor current = view.scan(Keys.currentBegin(), Keys.currentEnd())) {
            while (current.next()) {
                hash.add(current.key());
                hash.add(current.value());
            }
        }
        try (Cursor history = view.scan(Keys.historyBegin(), Keys.historyEnd())) {
            while (history.next()) {
                byte[] key = history.key();
                if (Keys.revisionOfHistory(key) >= oldest) {
                    hash.add(key);
                    hash.add(history.value());
                }
            }
        }
        try (Cursor events = view.scan(Keys.event(Math.max(oldest, 0), 0), Keys.eventEnd())) {
            while (events.next()) {
                hash.add(events.key());
                hash.add(events.value());
            }
        }
        return hash.hash;
    }

    private void add(long number) {
        hash = Long.rotateLeft((hash ^ number) * MULTIPLIER, 29);
        hash ^= hash >>> 31;
    }

    /** The length goes in too, so that no two different rows of entries look alike. */
    private void add(byte[] bytes) {
        add(bytes.length);
        int at = 0;
        for (; at + 8 <= bytes.length; at += 8) {
            add(Keys.getLong(bytes, at));
        }
        long rest = 0;
        for (; at < bytes.length; at++) {
            rest = rest << 8 | (bytes[at] & 0xFF);
        }
        add(rest);
    }
}
