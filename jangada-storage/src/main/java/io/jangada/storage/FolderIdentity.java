package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The content of the identity file: whose folder this is, and the random number that tells it from every other folder.
 *
 * <p>In every version the file begins with the magic number and the version and ends with the CRC-32C of all that precedes it.
 *
 * @param version the version of the file that was read; what is written has {@link #VERSION}
 */
record FolderIdentity(LogIdentity owner, long folderId, int version) {
    /** Version 2 has the same bytes as version 1. It keeps older releases, which know neither bases nor memberships, from cutting a log at the first one. */
    static final int VERSION = 2;

    static final int BYTES = 40;

    private static final long MAGIC = 0x4a414e4741444130L; // "JANGADA0"
    private static final int MAX_BYTES = 4 << 10;
    private static final int CHECKSUM_BYTES = 4;

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
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Writes the identity under its staging name and makes the content durable; {@link #publish} makes it count. */
    void stage(Disk disk) throws IOException {
        ByteBuffer bytes = disk.allocate(BYTES);
        bytes.putLong(MAGIC).putInt(VERSION);
        bytes.putLong(owner.cluster().value()).putLong(owner.node().value()).putLong(folderId);
        bytes.putInt(Checksum.of(bytes, 0, BYTES - CHECKSUM_BYTES));
        try (DiskFile file = disk.create(FileNames.IDENTITY_STAGED)) {
            file.write(bytes.flip(), 0);
            file.force(true);
        }
    }

    static void publish(Disk disk) throws IOException {
        disk.rename(FileNames.IDENTITY_STAGED, FileNames.IDENTITY);
        disk.sync();
    }

    /** Reads the identity file, which exists. */
    static FolderIdentity load(Disk disk) throws IOException {
        ByteBuffer bytes = read(disk);
        int length = bytes.limit();
        if (length < BYTES) {
            throw damaged(disk, length, "the file has " + length + " bytes where it needs " + BYTES);
        }
        if (bytes.getLong(0) != MAGIC) {
            throw damaged(disk, 0, "it does not begin as an identity file does");
        }
        int version = bytes.getInt(8);
        boolean intact = bytes.getInt(length - CHECKSUM_BYTES) == Checksum.of(bytes, 0, length - CHECKSUM_BYTES);
        if (!intact) {
            throw damaged(disk, 0, "its checksum is wrong");
        }
        if (version > VERSION) {
            throw new StorageRefusedException(
                    disk.location(),
                    "log format version " + version,
                    "version " + VERSION + " or older",
                    "It was written by a newer release: run that release, or give this node another folder.");
        }
        if (version < 1 || length != BYTES) {
            throw damaged(disk, 8, "version " + version + " with " + length + " bytes was never written");
        }
        NodeId node = new NodeId(bytes.getLong(20));
        if (node.isNone()) {
            throw damaged(disk, 20, "the node id is 0");
        }
        return new FolderIdentity(new LogIdentity(new ClusterId(bytes.getLong(12)), node), bytes.getLong(28), version);
    }

    private static ByteBuffer read(Disk disk) throws IOException {
        try (DiskFile file = disk.open(FileNames.IDENTITY)) {
            long size = file.size();
            if (size > MAX_BYTES) {
                throw damaged(disk, MAX_BYTES, "the file has " + size + " bytes");
            }
            ByteBuffer bytes = disk.allocate((int) size);
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    private static CorruptLogException damaged(Disk disk, long offset, String found) {
        return new CorruptLogException(disk.location(), FileNames.IDENTITY, offset, found);
    }
}
