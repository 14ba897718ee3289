package io.jangada.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One of the files that are a state together: complete, and never written again, by nobody.
 *
 * <p>Files are told apart by their content, so one that was in an earlier snapshot is neither stored nor sent twice. Where the file system permits, they pass between state
 * machine and snapshots as hard links, in both directions.
 */
public interface StateFile {
    /** What it is called within its state: 1 to 128 letters, digits, dots, hyphens and underscores of ASCII, not beginning with a dot. */
    String name();

    /** Its length in bytes. */
    long sizeBytes() throws IOException;

    /** Its content from the beginning. The caller closes it. */
    InputStream open() throws IOException;

    /** Where it lies, so that it can be linked; empty if it is in no file system. Whoever has it may read and link it, and must not write to it. */
    Optional<Path> path();

    /** The file that lies here, under its own name. */
    static StateFile at(Path path) {
        return new StateFile() {
            @Override
            public String name() {
                return String.valueOf(path.getFileName());
            }

            @Override
            public long sizeBytes() throws IOException {
                return Files.size(path);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }

            @Override
            public Optional<Path> path() {
                return Optional.of(path);
            }
        };
    }

    /** A file in memory, for a state that is small. The content is shared, never copied. */
    static StateFile of(String name, byte[] content) {
        return new StateFile() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long sizeBytes() {
                return content.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }

            @Override
            public Optional<Path> path() {
                return Optional.empty();
            }
        };
    }
}
