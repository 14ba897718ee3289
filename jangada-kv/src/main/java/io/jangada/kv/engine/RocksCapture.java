package io.jangada.kv.engine;

import io.jangada.api.StateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * What had been written to a database at one moment, as files: tables, which are linked and not copied, and the few small ones that say how they belong together.
 *
 * <p>At that moment the memory table is only set aside, so that writing goes on at once; another thread waits for its flush and links what is on disk then. If another memory table has been
 * flushed meanwhile the files hold later batches too, which their reader sees from what stands in them.
 */
final class RocksCapture implements Engine.Capture {
    private static final String TABLE = ".sst";
    private static final String MANIFEST = "MANIFEST-";
    private static final String CURRENT = "CURRENT";
    private static final long FLUSH_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final RocksDB db;
    private final Path folder;
    private final StoreFolder home;
    private @Nullable Options options;
    private @Nullable RocksDB captured;

    /** Sets aside what has been written so far to the database in this folder. */
    RocksCapture(RocksDB db, Path folder, StoreFolder home) throws RocksDBException {
        this.db = db;
        this.folder = folder;
        this.home = home;
        try (FlushOptions aside = new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true)) {
            db.flush(aside);
        }
    }

    @Override
    public List<StateFile> files() throws IOException {
        Path gathered = home.emptyCapture();
        try {
            awaitFlush();
            List<StateFile> files = new ArrayList<>();
            db.disableFileDeletions();
            try {
                RocksDB.LiveFiles live = db.getLiveFiles(false);
                for (String name : live.files) {
                    files.add(StateFile.at(capture(name.substring(1), live.manifestFileSize, gathered)));
                }
            } finally {
                db.enableFileDeletions();
            }
            return files;
        } catch (RocksDBException e) {
            throw new IOException("the files of the key-value store could not be captured: " + e.getMessage(), e);
        }
    }

    private void awaitFlush() throws RocksDBException, IOException {
        long begin = System.nanoTime();
        while (db.getLongProperty("rocksdb.num-immutable-mem-table") > 0) {
            if (System.nanoTime() - begin > FLUSH_PATIENCE_NANOS) {
                throw new IOException("the key-value store was not flushed within a minute");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private Path capture(String name, long manifestBytes, Path gathered) throws IOException {
        Path source = folder.resolve(name);
        Path target = gathered.resolve(name);
        if (name.endsWith(TABLE)) {
            StoreFolder.link(StateFile.at(source), target);
        } else if (name.startsWith(MANIFEST)) {
            // It grows while this goes on; what belongs to the tables is its beginning.
            try (InputStream in = Files.newInputStream(source)) {
                Files.write(target, in.readNBytes(Math.toIntExact(manifestBytes)));
            }
            Files.write(gathered.resolve(CURRENT), (name + "\n").getBytes(StandardCharsets.US_ASCII));
        } else if (!name.equals(CURRENT)) {
            Files.copy(source, target);
        }
        return target;
    }

    @Override
    public byte @Nullable [] get(byte[] key) throws IOException {
        try {
            RocksDB present = captured;
            if (present == null) {
                Options few = new Options().setMaxOpenFiles(16);
                options = few;
                present = RocksDB.openReadOnly(few, home.captureFolder().toString());
                captured = present;
            }
            return present.get(key);
        } catch (RocksDBException e) {
            throw new IOException("the captured files cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        RocksDB present = captured;
        if (present != null) {
            present.close();
        }
        Options few = options;
        if (few != null) {
            few.close();
        }
        home.removeCaptureIfPossible();
    }
}
