package io.jangada.kv.engine;

import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;

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
        String text = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        boolean damaged = status != null && status.getCode() == Status.Code.Corruption;
        return new EngineException(
                damaged
                        ? RocksEngine.damaged(folder, text)
                        : "could not read the key-value store in " + folder + ": " + text,
                e);
    }

    private final class Walk implements Cursor {
        private final Slice bound;
        private final ReadOptions bounded;
        private final RocksIterator iterator;
        private final byte[] from;
        private boolean started;
        private boolean ended;

        Walk(byte[] from, byte[] to) {
            this.from = from;
            this.bound = new Slice(to);
            this.bounded = new ReadOptions().setSnapshot(moment).setIterateUpperBound(bound);
            this.iterator = db.newIterator(bounded);
        }

        @Override
        public boolean next() {
            // Beyond the end RocksDB does not check but crashes the process.
            if (ended) {
                return false;
            }
            if (started) {
                iterator.next();
            } else {
                iterator.seek(from);
                started = true;
            }
            if (iterator.isValid()) {
                return true;
            }
            ended = true;
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw failed(e);
            }
            return false;
        }

        @Override
        public byte[] key() {
            requireEntry();
            return iterator.key();
        }

        @Override
        public byte[] value() {
            requireEntry();
            return iterator.value();
        }

        private void requireEntry() {
            if (!started || ended) {
                throw new NoSuchElementException("the cursor stands on no entry");
            }
        }

        @Override
        public void close() {
            iterator.close();
            bounded.close();
            bound.close();
        }
    }
}
