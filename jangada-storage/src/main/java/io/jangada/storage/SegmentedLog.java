package io.jangada.storage;

import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A write-ahead log in a folder of segment files.
 *
 * <p>Any failure of {@link #write} or {@link #sync} poisons the log: every later call fails with the first cause, until the folder is opened
 * again. An entry becomes readable with {@code write}, durable with {@code sync}. The format is described byte by byte in
 * {@code docs/log-format.md}.
 */
public final class SegmentedLog implements Storage {
    private final Poison poison;
    private final Closeable lock;
    private final Disk disk;
    private final FolderIdentity folder;
    private final LogState recovered;
    private final LogWriter writer;
    private final LogReader reader;
    private volatile boolean closed;

    private SegmentedLog(
            Disk disk, FolderIdentity folder, Closeable lock, Recovery.Recovered recovered, LogWriter writer) {
        this.poison = new Poison(disk.location());
        this.lock = lock;
        this.disk = disk;
        this.folder = folder;
        this.recovered = recovered.state();
        this.writer = writer;
        this.reader = new LogReader(disk, folder, recovered.replay().index(), recovered.oldSegments());
    }

    /** As {@link #open(Disk, LogIdentity, LogOptions)}, in a folder of the file system, which is created if it does not exist. */
    public static SegmentedLog open(Path folder, LogIdentity identity, LogOptions options) throws IOException {
        return open(RealDisk.open(folder), identity, options);
    }

    /**
     * Opens the log in this folder, or begins one if the folder is empty. What a crash or damage has taken is no obstacle as long as something names it, and is then
     * told with what is {@link #recovered}, all of which is durable.
     *
     * @throws StorageRefusedException if the folder is that of another node or cluster, of a newer version, of something else, or in use
     * @throws CorruptLogException if the log has lost something, and nothing tells what it was
     * @throws IOException if the disk fails
     */
    public static SegmentedLog open(Disk disk, LogIdentity identity, LogOptions options) throws IOException {
        Closeable lock = Folder.lock(disk);
        try {
            FolderIdentity folder = Folder.identify(disk, identity, options);
            SpareSegments spares = new SpareSegments(disk, options);
            SegmentSupply supply = new SegmentSupply(disk, options, spares);
            spares.begin();
            Recovery.Recovered recovered = new Recovery(disk, folder, supply).run();
            LogWriter writer = new LogWriter(disk, folder, options, recovered, supply, spares);
            return new SegmentedLog(disk, folder, lock, recovered, writer);
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public LogState recovered() {
        return recovered;
    }

    /** The number of this folder, random and not 0: a node that comes with another one has lost what it had promised (trap 47). */
    public long incarnation() {
        return folder.incarnation();
    }

    /** Where the log is, for what else lies in its folder. */
    Disk disk() {
        return disk;
    }

    FolderIdentity folder() {
        return folder;
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
        checkOpen();
        try {
            writer.append(batch);
        } catch (IOException | RuntimeException | Error e) {
            poison.by(e);
            throw e;
        }
    }

    @Override
    public void sync() throws IOException {
        checkOpen();
        try {
            writer.sync();
            reader.forgetBefore(writer.firstSegment());
        } catch (IOException | RuntimeException | Error e) {
            poison.by(e);
            throw e;
        }
    }

    @Override
    public List<Entry> read(long fromIndex, long toIndex, int maxBytes) throws IOException {
        checkOpen();
        return reader.read(fromIndex, toIndex, maxBytes);
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the log is closed");
        }
        poison.check();
    }

    /** Closes the files and releases the lock. What was written and not synchronised is dropped. The journal thread must have ended. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            try {
                writer.close();
            } finally {
                reader.close();
            }
        } finally {
            lock.close();
        }
    }
}
