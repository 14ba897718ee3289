package io.jangada.verify.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code ./jangada} at the root of the source tree, as a user calls it. */
public final class StartScript {
    private StartScript() {}

    /** The command line of {@code ./jangada} with these words, which uses what this very build has packaged. */
    public static List<String> command(String... words) {
        builtJustNow();
        List<String> command = new ArrayList<>();
        command.add(SourceTree.root().resolve("jangada").toString());
        command.addAll(List.of(words));
        return command;
    }

    /** Tells the script that the jar is fresh: a second build inside of this one would pull the jars from under the tests. */
    private static void builtJustNow() {
        Path target = SourceTree.root().resolve("jangada-server/target");
        assertThat(target.resolve("lib"))
                .as("packaged server; run mvn verify, not mvn test")
                .isDirectory();
        Path stamp = target.resolve("jangada-built");
        try {
            if (!Files.exists(stamp)) {
                Files.createFile(stamp);
            }
            Files.setLastModifiedTime(stamp, FileTime.from(Instant.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
