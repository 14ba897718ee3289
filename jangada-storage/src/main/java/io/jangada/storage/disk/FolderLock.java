package io.jangada.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a folder: one opener in this process, by a set of paths, and one process, by a lock of the operating system.
 *
 * <p>The set is asked first and the file not touched if it says no: on POSIX systems, closing any handle of a locked file gives up
 * the process's lock on it.
 */
final class FolderLock implements Closeable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final @Nullable FileChannel channel;

    private FolderLock(Path path, @Nullable FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Takes the lock; the path must be that of the real folder, not of a link to it. */
    static FolderLock take(Path path) throws IOException {
        if (!HELD.add(path)) {
            throw new DiskLockedException(
                    path + " is held by this process (" + pid() + "), which has the folder open already");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel, false) == null) {
                throw new DiskLockedException(path + " is held by process " + holder(channel));
            }
            ByteBuffer pid = ByteBuffer.wrap((pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            channel.truncate(0);
            channel.write(pid, 0);
            return new FolderLock(path, channel);
        } catch (IOException e) {
            abandon(path, channel);
            throw e instanceof DiskLockedException ? e : RealDisk.failure("lock", path, e);
        }
    }

    /** As {@link #take}, but shared between processes and without a trace in the file, which need not exist. */
    static FolderLock takeUnchanged(Path path) throws IOException {
        if (!HELD.add(path)) {
            throw new DiskLockedException(
                    path + " is held by this process (" + pid() + "), which has the folder open already");
        }
        FileChannel channel = null;
        try {
            if (Files.exists(path)) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
                if (tryLock(channel, true) == null) {
                    throw new DiskLockedException(path + " is held by process " + holder(channel));
                }
            }
            return new FolderLock(path, channel);
        } catch (IOException e) {
            abandon(path, channel);
            throw e instanceof DiskLockedException ? e : RealDisk.failure("lock", path, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null; // another copy of this class in this process holds it
        }
    }

    private static void abandon(Path path, @Nullable FileChannel channel) throws IOException {
        HELD.remove(path);
        if (channel != null) {
            channel.close();
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "(unknown)" : pid;
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public void close() throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            HELD.remove(path);
        }
    }
}
