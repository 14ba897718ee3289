package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Cursor;
import io.jangada.kv.engine.Keyspace;
import io.jangada.kv.model.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a range that could be seen at an earlier revision.
 *
 * <p>Joins two walks by key: replaced versions and present ones. For each key the first change after the revision decides: the version that it
 * replaced was the visible one, unless that is younger than the revision, and then the key did not exist. Without such a
 * change the present version counts.
 */
final class VersionsAt implements Versions {
    private final long revision;
    private final Cursor present;
    private final Cursor history;
    private @Nullable Bytes presentKey;
    private @Nullable Bytes historyKey;
    private @Nullable Bytes key;
    private byte @Nullable [] version;

    VersionsAt(Keyspace keyspace, KeyRange range, long revision) {
        this.revision = revision;
        this.present = keyspace.scan(range.currentFrom(), range.currentTo());
        this.history = keyspace.scan(range.historyFrom(), range.historyTo());
        advancePresent();
        advanceHistory();
    }

    @Override
    public boolean next() {
        while (true) {
            Bytes candidate = lower(presentKey, historyKey);
            if (candidate == null) {
                return false;
            }
            key = candidate;
            version = visible(candidate);
            if (same(candidate, presentKey)) {
                advancePresent();
            }
            if (version != null) {
                return true;
            }
        }
    }

    /** The visible version of the candidate; leaves the walk over history behind that key. */
    private byte @Nullable [] visible(Bytes candidate) {
        boolean decided = false;
        byte[] found = null;
        while (same(candidate, historyKey)) {
            if (!decided && Keys.revisionOfHistory(history.key()) > revision) {
                decided = true;
                byte[] replaced = history.value();
                found = Version.mod(replaced) <= revision ? replaced : null;
            }
            advanceHistory();
        }
        if (decided || !same(candidate, presentKey)) {
            return found;
        }
        byte[] current = present.value();
        return Version.mod(current) <= revision ? current : null;
    }

    private static boolean same(Bytes one, @Nullable Bytes other) {
        return other != null && one.equals(other);
    }

    private static @Nullable Bytes lower(@Nullable Bytes one, @Nullable Bytes other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    private void advancePresent() {
        presentKey = present.next() ? Keys.keyOfCurrent(present.key()) : null;
    }

    private void advanceHistory() {
        historyKey = history.next() ? Keys.keyOfHistory(history.key()) : null;
    }

    @Override
    public Bytes key() {
        Bytes here = key;
        if (here == null) {
            throw new IllegalStateException("the walk stands on no key");
        }
        return here;
    }

    @Override
    public byte[] version() {
        byte[] here = version;
        if (here == null) {
            throw new IllegalStateException("the walk stands on no version");
        }
        return here;
    }

    @Override
    public void close() {
        present.close();
        history.close();
    }
}
