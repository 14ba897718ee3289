package io.jangada.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder of the file system. */
public final class RealDisk implements Disk {
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private final Path folder;

    private RealDisk(Path folder) {
        this.folder = folder;
    }

    /** Opens the folder; creates it, durably, if it does not exist. */
    public static RealDisk open(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw new IOException(absolute + " is not a folder; name a folder, or a path that does not exist yet");
        }
        create(absolute);
        return new RealDisk(absolute.toRealPath());
    }

    /** A new folder is only as durable as its name in its parent (trap 44), and so on upwards. */
    private static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            create(parent);
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failure("create folder", folder, e);
        }
        if (parent != null) {
            syncFolder(parent);
        }
    }

    @Override
    public String location() {
        return folder.toString();
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(Path::getFileName).map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw failure("list", folder, e);
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return open(name, StandardOpenOption.WRITE);
    }

    @Override
    public DiskFile openForBlocks(String name) throws IOException {
        Path path = located(name);
        FileChannel channel = channel(path, StandardOpenOption.WRITE);
        return new RealFile(path, channel, BlockChannel.open(path, this));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return open(name, StandardOpenOption.CREATE_NEW);
    }

    private DiskFile open(String name, StandardOpenOption how) throws IOException {
        Path path = located(name);
        return new RealFile(path, channel(path, how), null);
    }

    private static FileChannel channel(Path path, StandardOpenOption how) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, how);
        } catch (IOException e) {
            throw failure(how == StandardOpenOption.CREATE_NEW ? "create" : "open", path, e);
        }
    }

    /** Whatever is in the way of a link, another file system or one that has none, a copy may still be made; what is in the way of that says so itself. */
    @Override
    public boolean link(Path source, String name) {
        try {
            Files.createLink(located(name), source);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public boolean isLink(Path source, String name) throws IOException {
        Path path = located(name);
        try {
            return Files.exists(path) && Files.isSameFile(source, path);
        } catch (IOException e) {
            throw failure("compare with " + source, path, e);
        }
    }

    @Override
    public Optional<Path> path(String name) {
        return Optional.of(located(name));
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            Files.delete(located(name));
        } catch (IOException e) {
            throw failure("delete", located(name), e);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        try {
            Files.move(located(from), located(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure("rename to " + to, located(from), e);
        }
    }

    @Override
    public void sync() throws IOException {
        syncFolder(folder);
    }

    private static void syncFolder(Path folder) throws IOException {
        if (WINDOWS) {
            return; // a directory cannot be opened there, and its journal orders names by itself
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw failure("synchronise folder", folder, e);
        }
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return FolderLock.take(located(name));
    }

    @Override
    public Closeable lockUnchanged(String name) throws IOException {
        return FolderLock.takeUnchanged(located(name));
    }

    /** Asked of the file system itself, not of the table of mounts, which is not to be seen from every container. */
    @Override
    public long usableBytes() {
        return folder.toFile().getUsableSpace();
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        if (bytes < BLOCK_BYTES || bytes > Integer.MAX_VALUE - 2 * BLOCK_BYTES) {
            return ByteBuffer.allocateDirect(bytes);
        }
        return ByteBuffer.allocateDirect(bytes + 2 * BLOCK_BYTES)
                .alignedSlice(BLOCK_BYTES)
                .slice(0, bytes);
    }

    private Path located(String name) {
        Path path = folder.resolve(name);
        if (!folder.equals(path.getParent())) {
            throw new IllegalArgumentException("'" + name + "' is not a plain file name");
        }
        return path;
    }

    /** The same failure with the file's name in it, which the platform often leaves out. */
    static IOException failure(String what, Path path, IOException cause) {
        return new IOException("cannot " + what + " " + path + ": " + cause, cause);
    }
}
