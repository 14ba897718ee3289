package io.jangada.storage;

import io.jangada.core.model.Promised;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.DiskLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The way into a folder: whether it may be used at all, and the steps that turn an empty one into a log's.
 *
 * <p>A new folder gets its first, empty segment before the identity file gets its name. So a folder with an identity always has a
 * segment, one without has no record yet, and a crash in between leaves what the next start removes and makes anew.
 */
final class Folder {
    private Folder() {}

    /** Takes the lock, unless the folder is somebody else's or in use. Changes nothing in a foreign folder. */
    static Closeable lock(Disk disk) throws IOException {
        refuseForeign(disk);
        try {
            return disk.lock(FileNames.LOCK);
        } catch (DiskLockedException e) {
            StorageRefusedException refused = new StorageRefusedException(
                    disk.location(),
                    "a live user (" + e.getMessage() + ")",
                    "a folder that nobody has open",
                    "Stop that process, or give this node another folder; two nodes never share one.");
            refused.initCause(e);
            throw refused;
        }
    }

    private static void refuseForeign(Disk disk) throws IOException {
        List<String> names = disk.list();
        List<String> foreign = FileNames.foreignIn(names);
        if (!names.contains(FileNames.IDENTITY) && !foreign.isEmpty()) {
            throw new StorageRefusedException(
                    disk.location(),
                    "files that are not a log's, among them '" + foreign.get(0) + "'",
                    "an empty folder or the folder of this node",
                    "Name another folder, or empty this one if nobody needs what is in it.");
        }
    }

    /** The identity of the locked folder, which afterwards has one and at least one segment. */
    static FolderIdentity identify(Disk disk, LogIdentity owner, LogOptions options) throws IOException {
        List<String> names = disk.list();
        if (!names.contains(FileNames.IDENTITY)) {
            return initialise(disk, owner, options, names);
        }
        FolderIdentity identity = FolderIdentity.load(disk);
        if (!identity.owner().equals(owner)) {
            throw new StorageRefusedException(
                    disk.location(),
                    "the log of " + identity.owner(),
                    "the log of " + owner,
                    "Check which folder, node id and cluster id this node is started with.");
        }
        for (String leftover : List.of(FileNames.NEXT_SEGMENT, FileNames.IDENTITY_STAGED)) {
            if (names.contains(leftover)) {
                disk.delete(leftover);
            }
        }
        if (identity.version() < FolderIdentity.VERSION) {
            identity.stage(disk);
            FolderIdentity.publish(disk);
        }
        return identity;
    }

    private static FolderIdentity initialise(Disk disk, LogIdentity owner, LogOptions options, List<String> names)
            throws IOException {
        String first = FileNames.segment(1);
        for (String segment : FileNames.segmentsIn(names)) {
            if (!segment.equals(first) || hasRecords(disk, segment)) {
                throw identityLost(disk, "log segment " + segment);
            }
        }
        List<String> snapshots = FileNames.snapshotsIn(names);
        if (!snapshots.isEmpty()) {
            throw identityLost(disk, "snapshot " + snapshots.get(0));
        }
        for (String leftover : List.of(first, FileNames.NEXT_SEGMENT, FileNames.IDENTITY_STAGED)) {
            if (names.contains(leftover)) {
                disk.delete(leftover);
            }
        }
        FolderIdentity identity = new FolderIdentity(owner, options.folderIds().getAsLong());
        identity.stage(disk);
        try (SegmentSupply supply = new SegmentSupply(disk, options, new SpareSegments(disk, options))) {
            SegmentHeader header = new SegmentHeader(
                    SegmentHeader.VERSION,
                    owner,
                    1,
                    identity.segmentId(1),
                    supply.capacityFor(0),
                    1,
                    LogSummary.EMPTY,
                    Promised.NOTHING,
                    0);
            supply.create(header).file().close();
        }
        FolderIdentity.publish(disk);
        return identity;
    }

    private static StorageRefusedException identityLost(Disk disk, String found) {
        return new StorageRefusedException(
                disk.location(),
                found + " but no file " + FileNames.IDENTITY,
                "both or neither",
                "The identity file has been lost: restore it from a copy of this folder, or give the node an empty folder and a"
                        + " new identity.");
    }

    private static boolean hasRecords(Disk disk, String segment) throws IOException {
        try (DiskFile file = disk.open(segment)) {
            ByteBuffer bytes = disk.allocate(SegmentHeader.BYTES);
            file.read(bytes, 0);
            SegmentHeader header = SegmentHeader.decode(bytes);
            long first = (header == null ? RecordFormat.OLD : header.format()).firstRecord();
            return Zeros.endOfData(disk, file, first, file.size()) > first;
        }
    }
}
