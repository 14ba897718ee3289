package io.jangada.storage;

import io.jangada.core.model.SnapshotMeta;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the snapshots in a folder, removes what a crash has left of others, and says whether the log can do with what is intact. */
final class SnapshotRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRecovery.class);

    private final Disk disk;
    private final FolderIdentity folder;
    private final SnapshotOptions options;
    /** The entry behind which the log begins: a snapshot must reach it. */
    private final long logBase;
    /** The first damage found, from the newest on. */
    private @Nullable CorruptSnapshotException damage;
    /** The name of that file. */
    private String damagedFile = "";

    private @Nullable Lack lack;
    /** The files in which damage was found. */
    private final List<String> damagedFiles = new ArrayList<>();

    SnapshotRecovery(SegmentedLog log, SnapshotOptions options) {
        this.disk = log.diskForSnapshots();
        this.folder = log.folder();
        this.options = options;
        this.logBase = log.recovered().firstIndex() - 1;
    }

    /**
     * What there is no intact snapshot of although the log needs it.
     *
     * @param refusal what it means to whoever cannot do without
     * @param damaged what the damaged one says of itself, if its header is intact; of its size and fingerprint nothing is known
     */
    record Lack(IOException refusal, @Nullable SnapshotMeta damaged) {}

    /** What is missing; null if nothing is. Known after {@link #run}. */
    @Nullable
    Lack lack() {
        return lack;
    }

    /** The files in which damage was found. Known after {@link #run}. */
    List<String> damagedFiles() {
        return damagedFiles;
    }

    /** The intact snapshots. What is found is durable: its content was before it got its name, its name is now: whoever renamed it may have ended before that. */
    SnapshotCatalog run() throws IOException {
        List<String> names = disk.list();
        for (String staged : List.of(FileNames.SNAPSHOT_STAGED, FileNames.PART_STAGED)) {
            if (names.contains(staged)) {
                disk.delete(staged);
            }
        }
        SnapshotCatalog catalog = new SnapshotCatalog(options.retained());
        List<String> newestFirst = new ArrayList<>(FileNames.snapshotsIn(names));
        newestFirst.sort((one, other) -> other.compareTo(one));
        boolean verified = false;
        for (String name : newestFirst) {
            try {
                StoredSnapshot snapshot = StoredSnapshot.load(disk, folder, name);
                if (!verified) {
                    snapshot.verify(disk);
                    verified = true;
                }
                catalog.add(snapshot);
            } catch (CorruptSnapshotException e) {
                damagedFiles.add(e.file());
                if (damage == null) {
                    damage = e;
                    damagedFile = name;
                }
                catalog.addDamaged(name);
            }
        }
        lookForLack(catalog);
        disk.sync();
        return catalog;
    }

    private void lookForLack(SnapshotCatalog catalog) throws IOException {
        long newest = catalog.newest().map(snapshot -> snapshot.meta().index()).orElse(0L);
        CorruptSnapshotException damaged = damage;
        if (newest < logBase) {
            lack = damaged == null ? lost(newest) : damaged(damaged, newest);
            LOG.warn(
                    "{} This node goes on if its state machine has kept what is missing, and otherwise has to be sent a snapshot by a leader",
                    lack.refusal().getMessage());
        } else if (damaged != null) {
            LOG.warn(
                    "{}; going on with {}; damaged files {} are deleted when the next snapshot has been made",
                    damaged.getMessage(),
                    newest == 0 ? "the log alone" : "the snapshot of entry " + newest,
                    catalog.damaged());
        }
    }

    private Lack damaged(CorruptSnapshotException damaged, long newest) throws IOException {
        IOException refusal = damaged.withoutReplacement("The log begins behind entry " + logBase + ", and "
                + (newest == 0
                        ? "there is no other snapshot."
                        : "the newest other snapshot ends at entry " + newest + "."));
        return new Lack(refusal, headerOf(damagedFile));
    }

    private Lack lost(long newest) {
        return new Lack(
                new StorageRefusedException(
                        disk.location(),
                        "a log that begins behind entry " + logBase + ", and "
                                + (newest == 0 ? "no snapshot" : "no snapshot behind that of entry " + newest),
                        "a snapshot of that entry or a later one",
                        "A snapshot file has been lost: restore this node from a copy of its folder, or remove it from the cluster and add"
                                + " a new node with a new identity and an empty folder."),
                null);
    }

    /** What a damaged file says of itself, if that part of it is intact and its own. */
    private @Nullable SnapshotMeta headerOf(String name) throws IOException {
        try (DiskFile file = disk.open(name)) {
            SnapshotHeader header = SnapshotHeader.read(file).header();
            boolean own = header.owner().equals(folder.owner())
                    && header.folderId() == folder.folderId()
                    && header.index() == FileNames.indexOf(name);
            return own ? header.meta(0, 0) : null;
        } catch (SnapshotFormatException e) {
            return null;
        }
    }

    /** What has arrived of a snapshot that is newer than those in the catalogue, if it can be gone on with; otherwise it is removed. */
    @Nullable
    IncomingSnapshot resume(SnapshotCatalog catalog, SnapshotParts parts) throws IOException {
        if (!disk.list().contains(FileNames.SNAPSHOT_INCOMING)) {
            deleteIfThere(FileNames.PART_INCOMING);
            return null;
        }
        long newest = catalog.newest().map(snapshot -> snapshot.meta().index()).orElse(0L);
        try {
            IncomingSnapshot incoming = IncomingSnapshot.resume(disk, folder, parts);
            if (incoming.meta().index() > newest) {
                return incoming;
            }
            incoming.close();
        } catch (SnapshotFormatException e) {
            LOG.info("{} in {} removed: {}", FileNames.SNAPSHOT_INCOMING, disk.location(), e.getMessage());
        }
        disk.delete(FileNames.SNAPSHOT_INCOMING);
        deleteIfThere(FileNames.PART_INCOMING);
        return null;
    }

    private void deleteIfThere(String name) throws IOException {
        if (disk.list().contains(name)) {
            disk.delete(name);
        }
    }
}
