package io.jangada.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder on the disk that is measured; a benchmark makes one of its own in it and deletes that. */
final class BenchFolder {
    /** The property that names it. */
    static final String PROPERTY = "jangada.bench.folder";

    private BenchFolder() {}

    static Path begin() {
        try {
            Path parent = Path.of(System.getProperty(PROPERTY, "target"));
            Files.createDirectories(parent);
            return Files.createTempDirectory(parent, "bench-");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be made for a benchmark; name another with --folder", e);
        }
    }

    static void end(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
