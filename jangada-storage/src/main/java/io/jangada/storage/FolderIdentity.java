package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The content of the identity file, kept twice: whose folder this is, and the random number that tells it from every other folder.
 *
 * <p>In every version the file begins with the magic number and the version, and the CRC-32C of the first 36 bytes follows them.
 *
 * @param version the version of the file that was read, 0 if one of its copies is damaged; what is written has {@link #VERSION}
 */
record FolderIdentity(LogIdentity owner, long folderId, int version) {
    /** Versions 1 and 2 have the same bytes, once. The version keeps older releases from cutting a log where they do not understand it. */
    static final int VERSION = 3;

    static final int BYTES = 40;
    /** Where the second copy is, in a block of its own. */
    static final int COPY_AT = RecordFormat.BLOCK_BYTES;

    private static final long MAGIC = 0x4a414e4741444130L; // "JANGADA0"
    private static final int CHECKSUM_AT = 36;

    FolderIdentity(LogIdentity owner, long folderId) {
        this(owner, folderId, VERSION);
    }

    /** The number by which a group knows this folder from any other that its node may come with; never 0. */
    long incarnation() {
        return folderId != 0 ? folderId : 1;
    }

    /** The identity of one segment of this folder: no two segments share one, in this folder or in others. */
    long segmentId(long number) {
        return mix(folderId ^ mix(number));
    }

    /** A bijection that spreads every bit over all (the finaliser of MurmurHash3's successors, public domain constants). */
    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Writes the identity under its staging name and makes the content durable; {@link #publish} makes it count. */
    void stage(Disk disk) throws IOException {
        ByteBuffer bytes = disk.allocate(COPY_AT + BYTES);
        for (int at : new int[] {0, COPY_AT}) {
            bytes.putLong(at, MAGIC).putInt(at + 8, VERSION);
            bytes.putLong(at + 12, owner.cluster().value())
                    .putLong(at + 20, owner.node().value())
                    .putLong(at + 28, folderId);
            bytes.putInt(at + CHECKSUM_AT, Checksum.of(bytes, at, CHECKSUM_AT));
        }
        try (DiskFile file = disk.create(FileNames.IDENTITY_STAGED)) {
            file.write(bytes, 0);
            file.force(true);
        }
    }

    static void publish(Disk disk) throws IOException {
        disk.rename(FileNames.IDENTITY_STAGED, FileNames.IDENTITY);
        disk.sync();
    }

    /** Reads the identity file, which exists: the first intact copy. */
    static FolderIdentity load(Disk disk) throws IOException {
        ByteBuffer bytes = read(disk);
        String defect = defectOf(bytes, 0);
        String copyDefect = defectOf(bytes, COPY_AT);
        if (!defect.isEmpty() && !copyDefect.isEmpty()) {
            throw new CorruptLogException(disk.location(), FileNames.IDENTITY, 0, defect + "; its copy: " + copyDefect);
        }
        int at = defect.isEmpty() ? 0 : COPY_AT;
        int version = bytes.getInt(at + 8);
        if (version > VERSION) {
            throw new StorageRefusedException(
                    disk.location(),
                    "log format version " + version,
                    "version " + VERSION + " or older",
                    "It was written by a newer release: run that release, or give this node another folder.");
        }
        NodeId node = new NodeId(bytes.getLong(at + 20));
        LogIdentity owner = new LogIdentity(new ClusterId(bytes.getLong(at + 12)), node);
        boolean whole = version < VERSION || (defect.isEmpty() && copyDefect.isEmpty());
        return new FolderIdentity(owner, bytes.getLong(at + 28), whole ? version : 0);
    }

    /** What is wrong with the copy at this offset, empty if nothing is. */
    private static String defectOf(ByteBuffer bytes, int at) {
        if (bytes.limit() < at + BYTES) {
            return "the file has " + bytes.limit() + " bytes where it needs " + (at + BYTES);
        }
        if (bytes.getLong(at) != MAGIC) {
            return "it does not begin as an identity file does";
        }
        if (bytes.getInt(at + CHECKSUM_AT) != Checksum.of(bytes, at, CHECKSUM_AT)) {
            return "its checksum is wrong";
        }
        boolean possible = bytes.getInt(at + 8) >= 1 && bytes.getLong(at + 20) != 0;
        return possible
                ? ""
                : "version " + bytes.getInt(at + 8) + " of node " + bytes.getLong(at + 20) + " was never written";
    }

    private static ByteBuffer read(Disk disk) throws IOException {
        try (DiskFile file = disk.open(FileNames.IDENTITY)) {
            ByteBuffer bytes = disk.allocate(COPY_AT + BYTES);
            bytes.limit(PatientReading.read(disk, file, bytes, 0)).position(0);
            return bytes;
        }
    }
}
