package io.jangada.kv.engine;

import io.jangada.api.StateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The folder of a store: one database in {@code db-<number>}, of which the highest number counts; while a snapshot is restored, a new one in {@code restoring} that
 * no start looks at, and while one is taken, links to its files in {@code captured}. Giving it the next number, a rename, is what makes a restore happen.
 */
record StoreFolder(Path folder) {
    /** Stands for the database that is being written. */
    static final long UNFINISHED = 0;

    private static final String PREFIX = "db-";
    private static final String NUMBERED = PREFIX + "[0-9]{8}";
    private static final String RESTORING = "restoring";
    /** Where a snapshot's files are gathered; no start looks at it. */
    private static final String CAPTURED = "captured";

    private static final String TABLE = ".sst";

    /** Makes the folder if it does not exist. */
    static StoreFolder open(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(
                    "the key-value store needs the folder " + folder + ", but there is a file of that name");
        }
        Files.createDirectories(folder);
        if (!Files.isWritable(folder)) {
            throw new IOException("the key-value store cannot write to the folder " + folder
                    + ": give this user the right to write there, or choose another folder");
        }
        return new StoreFolder(folder);
    }

    Path database(long number) {
        return folder.resolve(number == UNFINISHED ? RESTORING : String.format(Locale.ROOT, PREFIX + "%08d", number));
    }

    /** The number of the database that counts; 1 in an empty folder. */
    long newest() throws IOException {
        long newest = 1;
        for (Path found : databases()) {
            newest = Math.max(
                    newest, Long.parseLong(found.getFileName().toString().substring(PREFIX.length())));
        }
        return newest;
    }

    private List<Path> databases() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(path -> path.getFileName().toString().matches(NUMBERED))
                    .toList();
        }
    }

    /** Gives the finished database this number, durably; the next start finds it. */
    void adopt(long number) throws IOException {
        Files.move(database(UNFINISHED), database(number), StandardCopyOption.ATOMIC_MOVE);
        sync(folder, StandardOpenOption.READ);
    }

    /** Removes what a crash or a restore has left behind. */
    void removeAllBut(long number) throws IOException {
        removeUnfinished();
        remove(captureFolder());
        for (Path found : databases()) {
            if (!found.equals(database(number))) {
                remove(found);
            }
        }
    }

    Path captureFolder() {
        return folder.resolve(CAPTURED);
    }

    /** A new folder for the files of a snapshot. */
    Path emptyCapture() throws IOException {
        remove(captureFolder());
        return Files.createDirectory(captureFolder());
    }

    /** Removes the files of a snapshot. Should that not be possible, the next snapshot or start does it, or says why it cannot. */
    void removeCaptureIfPossible() {
        try {
            remove(captureFolder());
        } catch (IOException e) {
            // It is only space.
            return;
        }
    }

    /** Makes the unfinished database of these files, durably. */
    void fill(List<StateFile> files) throws IOException {
        Path target = Files.createDirectory(database(UNFINISHED));
        for (StateFile file : files) {
            Path copy = target.resolve(file.name());
            if (file.name().endsWith(TABLE)) {
                link(file, copy);
            } else {
                copy(file, copy);
            }
            sync(copy, StandardOpenOption.WRITE);
        }
        sync(target, StandardOpenOption.READ);
    }

    /** Gives a file that nobody writes to a second name, or, where that is not possible, makes a copy of it. */
    static void link(StateFile file, Path target) throws IOException {
        Path source = file.path().orElse(null);
        if (source != null) {
            try {
                Files.createLink(target, source);
                return;
            } catch (IOException | UnsupportedOperationException e) {
                // Another file system, or one that has no links: then a copy, which says itself what is wrong with it.
                Files.deleteIfExists(target);
            }
        }
        copy(file, target);
    }

    private static void copy(StateFile file, Path target) throws IOException {
        try (InputStream in = file.open()) {
            Files.copy(in, target);
        }
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    void removeUnfinished() throws IOException {
        remove(database(UNFINISHED));
    }

    /** Removes a database that counts no more. Should that not be possible, the next start does it, or says why it cannot. */
    void removeIfPossible(long number) {
        try {
            remove(database(number));
        } catch (IOException e) {
            // It is only space: the database with the higher number is the one that counts.
            return;
        }
    }

    private static void remove(Path tree) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(tree)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
