package io.jangada.server.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A backup as a file: whole under its name, or not there. While it is being written it is called like it with {@code .part} behind. */
public final class BackupFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final Path part;

    public BackupFile(Path file) {
        this.file = file.toAbsolutePath();
        this.part = this.file.resolveSibling(file.getFileName() + ".part");
    }

    /** Where a backup comes from. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /**
     * Writes what the source gives, checks it on the way, and gives it its name when all of it is right and durable. Throws {@link IOException} that says what was in the way;
     * then nothing is left of it.
     *
     * @param overwrite whether a file of this name may be replaced
     */
    public BackupInfo save(Source source, boolean overwrite) throws IOException {
        refuseExisting(overwrite);
        try (FileChannel channel = open()) {
            try {
                lock(channel);
                channel.truncate(0);
                BackupInfo info = copy(source, channel);
                channel.force(true);
                refuseExisting(overwrite);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                forceNames();
                return info;
            } catch (InUseException e) {
                throw e;
            } catch (IOException | RuntimeException | Error e) {
                deletePart(e);
                throw e;
            }
        }
    }

    private void refuseExisting(boolean overwrite) throws IOException {
        if (Files.isDirectory(file) || (!overwrite && Files.exists(file))) {
            throw new IOException(file + " exists already; name another file, or say --overwrite to replace it");
        }
    }

    private FileChannel open() throws IOException {
        try {
            return FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no folder " + part.getParent() + " to save a backup in; make it first", e);
        } catch (IOException e) {
            throw new IOException("cannot write " + part + ": " + e.getMessage(), e);
        }
    }

    private void lock(FileChannel channel) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        // Without its name it has become somebody's finished backup.
        if (lock == null || !Files.exists(part)) {
            throw new InUseException(part + " is being written by another 'jangada snapshot save'; name another file");
        }
    }

    private BackupInfo copy(Source source, FileChannel channel) throws IOException {
        OutputStream out = Channels.newOutputStream(channel);
        try (InputStream in = source.open()) {
            return BackupInfo.read(new CopyingStream(in, out), file.toString());
        }
    }

    private void forceNames() throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    private void deletePart(Throwable because) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** Reads all of the file and says what is in it; throws {@link IOException} at the first thing that is wrong. */
    public BackupInfo verify() throws IOException {
        try (InputStream in = read()) {
            return BackupInfo.read(in, file.toString());
        }
    }

    /** Has the target take over the state in the file; throws {@link IOException} at the first thing that is wrong. */
    public BackupInfo restore(BackupInfo.Target target) throws IOException {
        try (InputStream in = read()) {
            return BackupInfo.restore(in, file.toString(), target);
        }
    }

    private InputStream read() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file);
        }
        try {
            return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Somebody else writes the file. */
    private static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        InUseException(String message) {
            super(message);
        }
    }
}
