package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Cursor;
import io.jangada.kv.engine.Keyspace;
import io.jangada.kv.model.Bytes;
import org.jspecify.annotations.Nullable;

/** A walk over the versions of keys that can be seen at one revision, in the order of the keys; stands before the first at the start. */
interface Versions extends AutoCloseable {

    /** Means the present in the place of a revision. */
    long PRESENT = 0;

    boolean next();

    Bytes key();

    /** The stored form, see {@link Version}; costs nothing as long as nobody asks. */
    byte[] version();

    @Override
    void close();

    static Versions open(Keyspace keyspace, KeyRange range, long revision) {
        if (range.single()) {
            return new One(
                    range.start(),
                    revision == PRESENT
                            ? keyspace.get(Keys.current(range.start()))
                            : at(keyspace, range.start(), revision));
        }
        if (range.isEmpty()) {
            return new One(range.start(), null);
        }
        return revision == PRESENT ? new Present(keyspace, range) : new VersionsAt(keyspace, range, revision);
    }

    private static byte @Nullable [] at(Keyspace keyspace, Bytes key, long revision) {
        byte[] current = keyspace.get(Keys.current(key));
        if (current != null && Version.mod(current) <= revision) {
            return current;
        }
        // The version that the first change after the revision replaced; it may itself be younger than the revision.
        try (Cursor history = keyspace.scan(
                Keys.history(key, revision + 1, 0), Keys.history(key, Long.MAX_VALUE, Integer.MAX_VALUE))) {
            if (history.next()) {
                byte[] replaced = history.value();
                return Version.mod(replaced) <= revision ? replaced : null;
            }
            return null;
        }
    }

    /** One version or none. */
    final class One implements Versions {
        private final Bytes key;
        private final byte @Nullable [] version;
        private boolean ahead;

        One(Bytes key, byte @Nullable [] version) {
            this.key = key;
            this.version = version;
            this.ahead = version != null;
        }

        @Override
        public boolean next() {
            boolean here = ahead;
            ahead = false;
            return here;
        }

        @Override
        public Bytes key() {
            return key;
        }

        @Override
        public byte[] version() {
            byte[] here = version;
            if (here == null) {
                throw new IllegalStateException("there is no version of " + key);
            }
            return here;
        }

        @Override
        public void close() {}
    }

    /** The present versions of a range. */
    final class Present implements Versions {
        private final Cursor cursor;

        Present(Keyspace keyspace, KeyRange range) {
            this.cursor = keyspace.scan(range.currentFrom(), range.currentTo());
        }

        @Override
        public boolean next() {
            return cursor.next();
        }

        @Override
        public Bytes key() {
            return Keys.keyOfCurrent(cursor.key());
        }

        @Override
        public byte[] version() {
            return cursor.value();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
