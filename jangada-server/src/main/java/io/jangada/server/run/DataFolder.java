package io.jangada.server.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The folder of one server: {@code MEMBER} says whose it is, {@code raft} holds the log and the snapshots, {@code kv} the store. Locked as long as this is open. */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    static DataFolder open(Path path) {
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(path.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new DataFolder(path, channel);
            }
            channel.close();
        } catch (OverlappingFileLockException e) {
            closeQuietly(channel, e);
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw new StartException(
                    "cannot use the data folder " + path + " (--data-dir): " + e
                            + "; check that it is a folder you may write to",
                    e);
        }
        throw new StartException("the data folder " + path
                + " (--data-dir) is in use by another server; stop that one, or choose another folder");
    }

    private static void closeQuietly(@Nullable FileChannel channel, Exception cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    Path path() {
        return path;
    }

    Path log() {
        return path.resolve("raft");
    }

    Path store() {
        return path.resolve("kv");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
