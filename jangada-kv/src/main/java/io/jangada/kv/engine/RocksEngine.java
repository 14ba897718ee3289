package io.jangada.kv.engine;

import io.jangada.api.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An engine on RocksDB, in a folder of its own inside the folder of the store ({@link StoreFolder}), which it locks.
 *
 * <p>RocksDB's own log is off: the Raft log is the log. All data is in one column family, so a batch lies in one memory table as a whole, and memory
 * tables reach the disk in the order in which they were filled: what a crash leaves is always the state after some batch (docs/kv-store.md).
 */
public final class RocksEngine implements Engine {
    private final StoreFolder home;
    private final long number;
    private final Path folder;
    private final RocksTuning tuning;
    private final RocksDB db;
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private boolean replaced;
    private boolean closed;

    private RocksEngine(StoreFolder home, long number, RocksTuning tuning, RocksDB db) {
        this.home = home;
        this.number = number;
        this.folder = home.database(number);
        this.tuning = tuning;
        this.db = db;
    }

    /** Opens the store in this folder, which is made if it does not exist. */
    public static RocksEngine open(Path folder) throws IOException {
        StoreFolder home = StoreFolder.open(folder);
        RocksEngine engine = open(home, home.newest());
        try {
            home.removeAllBut(engine.number);
            return engine;
        } catch (IOException e) {
            engine.close();
            throw e;
        }
    }

    private static RocksEngine open(StoreFolder home, long number) throws IOException {
        Path folder = home.database(number);
        RocksTuning tuning = RocksTuning.create();
        try {
            return new RocksEngine(home, number, tuning, RocksDB.open(tuning.options(), folder.toString()));
        } catch (RocksDBException e) {
            tuning.close();
            throw new IOException(explain(folder, e), e);
        }
    }

    private static String explain(Path folder, RocksDBException e) {
        String text = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        if (text.toLowerCase(Locale.ROOT).contains("lock")) {
            return "the key-value store in " + folder
                    + " is in use by another process or by this one: stop that node, or" + " choose another folder ("
                    + text + ")";
        }
        if (code == Status.Code.Corruption) {
            return damaged(folder, text);
        }
        if (code == Status.Code.InvalidArgument || code == Status.Code.NotSupported) {
            return "the folder " + folder
                    + " holds a database that this version cannot read, perhaps of another program or"
                    + " of a newer version: choose another folder (" + text + ")";
        }
        return "the key-value store in " + folder + " cannot be opened: " + text;
    }

    static String damaged(Path folder, String text) {
        return "the key-value store in " + folder
                + " is damaged: move the folder away; the node builds it anew from its log" + " or from its peers ("
                + text + ")";
    }

    @Override
    public String place() {
        return "the folder " + folder;
    }

    @Override
    public Snapshot snapshot() {
        return new RocksSnapshot(db, folder);
    }

    @Override
    public void write(Batch batch) {
        try (WriteBatch changes = new WriteBatch()) {
            for (int i = 0; i < batch.size(); i++) {
                byte[] value = batch.valueAt(i);
                if (value == null) {
                    changes.delete(batch.keyAt(i));
                } else {
                    changes.put(batch.keyAt(i), value);
                }
            }
            db.write(unlogged, changes);
        } catch (RocksDBException e) {
            throw failed("write to", e);
        }
    }

    @Override
    public void flush() {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options);
        } catch (RocksDBException e) {
            throw failed("flush", e);
        }
    }

    @Override
    public void reclaim(byte[] from, byte[] to) {
        try {
            db.compactRange(from, to);
        } catch (RocksDBException e) {
            throw failed("compact", e);
        }
    }

    @Override
    public long sizeBytes() {
        return property("rocksdb.total-sst-files-size") + property("rocksdb.cur-size-all-mem-tables");
    }

    @Override
    public long sizeInUseBytes() {
        return Math.min(
                sizeBytes(), property("rocksdb.estimate-live-data-size") + property("rocksdb.cur-size-all-mem-tables"));
    }

    private long property(String name) {
        try {
            return db.getLongProperty(name);
        } catch (RocksDBException e) {
            throw failed("ask " + name + " of", e);
        }
    }

    /** The new database is written under a name that no start looks at, made durable, and renamed. */
    @Override
    public Engine replaceBy(Filling filling) throws IOException {
        home.removeUnfinished();
        return finish(filling);
    }

    private Engine finish(Filling filling) throws IOException {
        try (RocksEngine fresh = open(home, StoreFolder.UNFINISHED)) {
            filling.into(fresh);
            fresh.flush();
        }
        home.adopt(number + 1);
        replaced = true;
        return open(home, number + 1);
    }

    /** Tables, which nothing ever writes to again, are linked where that is possible. */
    @Override
    public Engine replaceBy(List<StateFile> files, Filling lastTouches) throws IOException {
        home.removeUnfinished();
        home.fill(files);
        return finish(lastTouches);
    }

    @Override
    public Optional<Capture> capture() {
        try {
            return Optional.of(new RocksCapture(db, folder, home));
        } catch (RocksDBException e) {
            throw failed("flush", e);
        }
    }

    /** Lets go of the folder; whoever wants the last writes to survive flushes first. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            db.closeE();
        } catch (RocksDBException e) {
            throw failed("close", e);
        } finally {
            db.close();
            unlogged.close();
            tuning.close();
        }
        if (replaced) {
            home.removeIfPossible(number);
        }
    }

    private EngineException failed(String what, RocksDBException e) {
        return new EngineException(
                "could not " + what + " the key-value store in " + folder + ": " + e.getMessage(), e);
    }
}
