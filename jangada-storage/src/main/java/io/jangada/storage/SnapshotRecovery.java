package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the snapshots in a folder, removes what a crash has left of others, and decides whether the log can do with what is intact. */
final class SnapshotRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRecovery.class);

    private final Disk disk;
    private final FolderIdentity folder;
    private final SnapshotOptions options;
    /** The entry behind which the log begins: a snapshot must reach it. */
    private final long logBase;
    /** The first damage found, from the newest on. */
    private @Nullable CorruptSnapshotException damage;

    SnapshotRecovery(SegmentedLog log, SnapshotOptions options) {
        this.disk = log.diskForSnapshots();
        this.folder = log.folder();
        this.options = options;
        this.logBase = log.recovered().firstIndex() - 1;
    }

    /** The intact snapshots. What is found is durable: its content was before it got its name, its name is now: whoever renamed it may have ended before that. */
    SnapshotCatalog run() throws IOException {
        List<String> names = disk.list();
        if (names.contains(FileNames.SNAPSHOT_STAGED)) {
            disk.delete(FileNames.SNAPSHOT_STAGED);
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
                damage = damage == null ? e : damage;
                catalog.addDamaged(name);
            }
        }
        requireReach(catalog);
        disk.sync();
        return catalog;
    }

    private void requireReach(SnapshotCatalog catalog) throws IOException {
        long newest = catalog.newest().map(snapshot -> snapshot.meta().index()).orElse(0L);
        CorruptSnapshotException damaged = damage;
        if (newest < logBase) {
            if (damaged != null) {
                throw damaged.withoutReplacement("The log begins behind entry " + logBase + ", and "
                        + (newest == 0
                                ? "there is no other snapshot."
                                : "the newest other snapshot ends at entry " + newest + "."));
            }
            throw new StorageRefusedException(
                    disk.location(),
                    "a log that begins behind entry " + logBase + ", and "
                            + (newest == 0 ? "no snapshot" : "no snapshot behind that of entry " + newest),
                    "a snapshot of that entry or a later one",
                    "A snapshot file has been lost: restore this node from a copy of its folder, or remove it from the cluster and add"
                            + " a new node with a new identity and an empty folder.");
        }
        if (damaged != null) {
            LOG.warn(
                    "{}; going on with {}; damaged files {} are deleted when the next snapshot has been made",
                    damaged.getMessage(),
                    newest == 0 ? "the log alone" : "the snapshot of entry " + newest,
                    catalog.damaged());
        }
    }

    /** What has arrived of a snapshot that is newer than those in the catalogue, if it can be gone on with; otherwise it is removed. */
    @Nullable
    IncomingSnapshot resume(SnapshotCatalog catalog) throws IOException {
        if (!disk.list().contains(FileNames.SNAPSHOT_INCOMING)) {
            return null;
        }
        long newest = catalog.newest().map(snapshot -> snapshot.meta().index()).orElse(0L);
        try {
            IncomingSnapshot incoming = IncomingSnapshot.resume(disk, folder);
            if (incoming.meta().index() > newest) {
                return incoming;
            }
            incoming.close();
        } catch (SnapshotFormatException e) {
            LOG.info("{} in {} removed: {}", FileNames.SNAPSHOT_INCOMING, disk.location(), e.getMessage());
        }
        disk.delete(FileNames.SNAPSHOT_INCOMING);
        return null;
    }
}
