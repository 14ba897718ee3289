package io.jangada.storage;

import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a node, one file each, in the folder of its log; a snapshot of files has these beside it, and shares them with others ({@link SnapshotParts}).
 *
 * <p>The content is what the state machine wrote or handed over; {@link SnapshotMeta#sizeBytes} and {@link SnapshotMeta#fingerprint} are those of the content alone, and pieces of it
 * are what {@link #read} gives and {@link #stage} takes. On disk it stands in chunks with checksums ({@code docs/log-format.md}). Whatever is in the way of
 * durability leaves a file that does not count, and is tried again only with a new file (trap 40). Memory is a chunk per reader and writer, and the manifests.
 */
public final class SnapshotFiles implements SnapshotStore {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFiles.class);
    private static final byte[] NOTHING = new byte[0];

    private final Disk disk;
    private final FolderIdentity folder;
    private final SpaceGuard room;
    private final SnapshotOptions options;
    private final SnapshotCatalog catalog;
    private final SnapshotParts parts;
    private final SnapshotRecovery.@Nullable Lack lack;
    private final Object taking = new Object();
    private final Object staging = new Object();
    /** Guarded by {@link #staging}. */
    private @Nullable IncomingSnapshot incoming;

    private volatile boolean closed;

    private SnapshotFiles(
            SegmentedLog log,
            SnapshotOptions options,
            SnapshotRecovery recovery,
            SnapshotCatalog catalog,
            SnapshotParts parts)
            throws IOException {
        this.disk = log.diskForSnapshots();
        this.room = log.room();
        this.folder = log.folder();
        this.options = options;
        this.catalog = catalog;
        this.parts = parts;
        this.incoming = recovery.resume(catalog, parts);
        this.lack = recovery.lack();
        recovery.damagedFiles().forEach(parts::isDamaged);
        parts.removeUnused();
        catalog.newest().ifPresent(newest -> room.snapshotIs(newest.contentBytes()));
    }

    /**
     * Opens the snapshots beside this log, whose lock protects them: close them before it. Reads the newest one from end to end. One that is damaged is left out,
     * with a warning. If the log does not reach back to what is intact, the protocol starts without a beginning ({@link #requireReach} is for those who cannot).
     *
     * @throws IOException if the disk fails
     */
    public static SnapshotFiles open(SegmentedLog log, SnapshotOptions options) throws IOException {
        SnapshotRecovery recovery = new SnapshotRecovery(log, options);
        SnapshotCatalog catalog = recovery.run();
        return new SnapshotFiles(log, options, recovery, catalog, new SnapshotParts(log.diskForSnapshots(), catalog));
    }

    /**
     * Throws what stands in the way if, when this was opened, there was no intact snapshot of what was before the log: {@link CorruptSnapshotException} if one is
     * damaged, {@link StorageRefusedException} if it is not there.
     */
    public void requireReach() throws IOException {
        SnapshotRecovery.Lack missing = lack;
        if (missing != null) {
            throw missing.refusal();
        }
    }

    @Override
    public Optional<SnapshotMeta> damaged() {
        return Optional.ofNullable(lack).map(SnapshotRecovery.Lack::damaged);
    }

    @Override
    public Optional<SnapshotMeta> newest() {
        return catalog.newest().map(StoredSnapshot::meta);
    }

    /** As {@link SnapshotStore#take}. If there is a snapshot of this index already, it is that one, and the state is not asked. */
    @Override
    public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state) throws IOException {
        checkOpen();
        synchronized (taking) {
            StoredSnapshot present = catalog.of(index, term);
            if (present != null) {
                return present.meta();
            }
            SnapshotMeta expected = new SnapshotMeta(index, term, membership, 0, 0);
            try {
                if (disk.list().contains(FileNames.SNAPSHOT_STAGED)) {
                    disk.delete(FileNames.SNAPSHOT_STAGED);
                }
                List<StateFile> files = state.files();
                return (files.isEmpty() ? takeStream(expected, state) : takeFiles(expected, files)).meta();
            } catch (IOException | RuntimeException | Error e) {
                discard(FileNames.SNAPSHOT_STAGED, e);
                throw e;
            }
        }
    }

    private StoredSnapshot takeStream(SnapshotMeta expected, StateSnapshot state) throws IOException {
        StoredSnapshot stored = write(expected, null, state::writeTo);
        return publish(FileNames.SNAPSHOT_STAGED, stored, stored.meta().sizeBytes());
    }

    private StoredSnapshot takeFiles(SnapshotMeta expected, List<StateFile> files) throws IOException {
        AtomicLong written = new AtomicLong();
        Manifest before = catalog.newest().map(StoredSnapshot::manifest).orElse(null);
        Manifest manifest = parts.store(files, before, options.chunkBytes(), written::addAndGet);
        try {
            // The names of the files, before the name of what needs them.
            disk.sync();
            SnapshotMeta whole = new SnapshotMeta(
                    expected.index(),
                    expected.term(),
                    expected.membership(),
                    manifest.contentBytes(),
                    Fingerprint.of(manifest.encoded()),
                    manifest.encoded().length);
            StoredSnapshot stored = write(whole, manifest, out -> out.write(manifest.encoded()));
            LOG.info(
                    "snapshot of index {}: {} files, {} of {} bytes new",
                    whole.index(),
                    files.size(),
                    written.get(),
                    whole.sizeBytes());
            return publish(FileNames.SNAPSHOT_STAGED, stored, written.get() + whole.manifestBytes());
        } finally {
            parts.release(manifest);
        }
    }

    /** What writes the content of a snapshot's own file. */
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private StoredSnapshot write(SnapshotMeta expected, @Nullable Manifest manifest, Content content)
            throws IOException {
        SnapshotHeader header = SnapshotHeader.of(folder, expected, options.chunkBytes());
        try (SnapshotWriter writer = SnapshotWriter.begin(disk, FileNames.SNAPSHOT_STAGED, header)) {
            content.writeTo(writer.stream());
            SnapshotMeta meta = writer.finish();
            return new StoredSnapshot(FileNames.snapshot(meta), meta, writer.layout(), manifest);
        }
    }

    /** Gives the durable file its name, durably; then older ones go. {@code written} is the room that it took. */
    private StoredSnapshot publish(String staged, StoredSnapshot snapshot, long written) throws IOException {
        disk.rename(staged, snapshot.name());
        try {
            disk.sync();
        } catch (IOException e) {
            discard(snapshot.name(), e);
            throw e;
        }
        catalog.add(snapshot);
        room.snapshotIs(written);
        deleteSuperfluous();
        return snapshot;
    }

    /** What cannot be deleted now is deleted after the next start; that is no reason to doubt the new snapshot. */
    private void deleteSuperfluous() {
        List<String> names = catalog.takeSuperfluous();
        try {
            for (String name : names) {
                disk.delete(name);
            }
            if (!parts.removeUnused().isEmpty() || !names.isEmpty()) {
                disk.sync();
            }
        } catch (IOException e) {
            LOG.warn("superfluous snapshots {} in {} stay until the next start", names, disk.location(), e);
        }
    }

    private void discard(String name, Throwable because) {
        try {
            if (disk.list().contains(name)) {
                disk.delete(name);
            }
        } catch (IOException e) {
            because.addSuppressed(e); // it stays behind, does not count, and goes with the next start
        }
    }

    @Override
    public byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) throws IOException {
        checkOpen();
        if (offset < 0 || maxBytes < 0) {
            throw new IllegalArgumentException("no piece of a snapshot: " + maxBytes + " bytes from " + offset);
        }
        StoredSnapshot stored = catalog.acquire(snapshot);
        if (stored == null) {
            return NOTHING;
        }
        try {
            int length = (int) Math.max(0, Math.min(maxBytes, snapshot.sizeBytes() - offset));
            if (length == 0) {
                return NOTHING;
            }
            byte[] piece = new ContentReader(disk, stored).read(offset, length);
            catalog.sent(stored, offset + length == snapshot.sizeBytes());
            return piece;
        } catch (IOException e) {
            if (e instanceof CorruptSnapshotException damage) {
                parts.isDamaged(damage.file());
            }
            // It is no use to others. What is in memory now is the same state or a later one: a new snapshot of that
            // can be taken.
            catalog.giveUp(stored);
            throw e;
        } finally {
            catalog.release(stored);
        }
    }

    @Override
    public Staged stage(SnapshotRequest piece) throws IOException {
        checkOpen();
        synchronized (staging) {
            SnapshotMeta meta = piece.snapshot();
            if (catalog.has(meta)) {
                return new Staged(SnapshotOutcome.INSTALLED, meta.sizeBytes());
            }
            IncomingSnapshot present = incoming;
            try {
                if (present == null || !present.meta().equals(meta)) {
                    abandon();
                    present = IncomingSnapshot.begin(disk, folder, parts, meta, options.chunkBytes());
                    incoming = present;
                }
                return stage(piece, present);
            } catch (IOException | RuntimeException | Error e) {
                abandonAfter(e);
                throw e;
            }
        }
    }

    private Staged stage(SnapshotRequest piece, IncomingSnapshot into) throws IOException {
        long size = piece.snapshot().sizeBytes();
        if (piece.offset() == into.received()) {
            if (piece.chunk().length > size - into.received()) {
                return reject("more than the " + size + " bytes that were announced arrived", into);
            }
            try {
                into.append(piece.chunk());
            } catch (SnapshotFormatException e) {
                return reject(String.valueOf(e.getMessage()), into);
            }
        }
        if (into.received() < size) {
            return new Staged(SnapshotOutcome.WANTS_MORE, into.received());
        }
        StoredSnapshot whole = into.finish();
        if (!whole.meta().equals(piece.snapshot())) {
            return reject("the content that arrived has another fingerprint than was announced", into);
        }
        incoming = null;
        try (into) {
            publish(FileNames.SNAPSHOT_INCOMING, whole, whole.contentBytes());
        }
        return new Staged(SnapshotOutcome.INSTALLED, size);
    }

    private Staged reject(String why, IncomingSnapshot rejected) throws IOException {
        LOG.warn("snapshot of index {} thrown away: {}", rejected.meta().index(), why);
        abandon();
        return new Staged(SnapshotOutcome.REJECTED, 0);
    }

    /** Throws away what has arrived of a snapshot, if anything has. */
    private void abandon() throws IOException {
        IncomingSnapshot abandoned = incoming;
        incoming = null;
        if (abandoned != null) {
            abandoned.close();
        }
        List<String> left = disk.list();
        for (String name : List.of(FileNames.SNAPSHOT_INCOMING, FileNames.PART_INCOMING)) {
            if (left.contains(name)) {
                disk.delete(name);
            }
        }
    }

    private void abandonAfter(Throwable failure) {
        try {
            abandon();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public InputStream open(SnapshotMeta snapshot) throws IOException {
        checkOpen();
        StoredSnapshot stored = catalog.acquire(snapshot);
        if (stored == null) {
            throw new IOException("the snapshot of index " + snapshot.index() + " is not in " + disk.location());
        }
        try {
            if (snapshot.inFiles()) {
                throw new IOException("the snapshot of index " + snapshot.index() + " is one of files, and no stream");
            }
            return new SnapshotStream(new SnapshotReader(disk, stored), () -> catalog.release(stored));
        } catch (IOException | RuntimeException e) {
            catalog.release(stored);
            throw e;
        }
    }

    @Override
    public HeldFiles openFiles(SnapshotMeta snapshot) throws IOException {
        checkOpen();
        StoredSnapshot stored = catalog.acquire(snapshot);
        Manifest manifest = stored == null ? null : stored.manifest();
        if (stored == null || manifest == null) {
            throw new IOException(
                    "the snapshot of index " + snapshot.index() + " is not in " + disk.location() + " as files");
        }
        try {
            stored.verify(disk);
            return new HeldParts(disk, manifest, () -> catalog.release(stored));
        } catch (IOException | RuntimeException e) {
            catalog.release(stored);
            throw e;
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the snapshots are closed");
        }
    }

    /** Closes what is arriving, which the next start goes on with. Streams that were opened stay usable until the folder's lock is gone. */
    @Override
    public void close() throws IOException {
        closed = true;
        synchronized (staging) {
            IncomingSnapshot left = incoming;
            incoming = null;
            if (left != null) {
                left.close();
            }
        }
    }
}
