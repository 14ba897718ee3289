package io.jangada.kv.engine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A view of RocksDB at one moment. */
final class RocksSnapshot implements Snapshot {
    private final RocksDB db;
    private final Path folder;
    private final org.rocksdb.Snapshot moment;
    private final ReadOptions options;

    RocksSnapshot(RocksDB db, Path folder) {
        this.db = db;
        this.folder = folder;
        this.moment = db.getSnapshot();
        this.options = new ReadOptions().setSnapshot(moment);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        try {
            return db.get(options, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        return new Walk(from, to);
    }

    @Override
    public void close() {
        options.close();
        db.releaseSnapshot(moment);
        moment.close();
    }

    private EngineException failed(RocksDBException e) {
        return new EngineException("could not read the key-value store in " + folder + ": " + e.getMessage(), e);
    }

    private final class Walk implements Cursor {
        private final Slice bound;
        private final ReadOptions bounded;
        private final RocksIterator iterator;
        private final byte[] from;
        private boolean started;

        Walk(byte[] from, byte[] to) {
            this.from = from;
            this.bound = new Slice(to);
            this.bounded = new ReadOptions().setSnapshot(moment).setIterateUpperBound(bound);
            this.iterator = db.newIterator(bounded);
        }

        @Override
        public boolean next() {
            if (started) {
                iterator.next();
            } else {
                iterator.seek(from);
                started = true;
            }
            if (iterator.isValid()) {
                return true;
            }
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw failed(e);
            }
            return false;
        }

        @Override
        public byte[] key() {
            return iterator.key();
        }

        @Override
        public byte[] value() {
            return iterator.value();
        }

        @Override
        public void close() {
            iterator.close();
            bounded.close();
            bound.close();
        }
    }
}
