package io.jangada.server.dev;

import io.jangada.server.run.StartException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The data folder of a local cluster. A marker file says that it is ours; a folder without it is never touched. */
final class DevFolder {
    private static final String MARKER = "JANGADA-DEV";
    private static final String MARKER_TEXT =
            "This folder belongs to './jangada dev'; './jangada dev --fresh' deletes it. Keep nothing else here.\n";

    private final Path folder;

    DevFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder ready, empty if {@code fresh}. Throws {@link StartException} if there is something else. */
    void prepare(boolean fresh) {
        try {
            if (Files.exists(folder)) {
                checkOurs();
                if (fresh) {
                    delete();
                }
            }
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(MARKER), MARKER_TEXT);
        } catch (IOException e) {
            throw new StartException("cannot use the data folder " + folder + " (--data-dir): " + e, e);
        }
    }

    private void checkOurs() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new StartException(folder + " (--data-dir) is not a folder; choose another with --data-dir");
        }
        if (Files.isRegularFile(folder.resolve(MARKER))) {
            return;
        }
        try (Stream<Path> content = Files.list(folder)) {
            if (content.findAny().isPresent()) {
                throw new StartException("the folder " + folder.toAbsolutePath()
                        + " was not made by 'jangada dev' (it has no file " + MARKER
                        + "); nothing in it was touched. Choose another with --data-dir, or move it away");
            }
        }
    }

    private void delete() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(folder.resolve(MARKER))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (!directory.equals(folder)) {
                    Files.delete(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
