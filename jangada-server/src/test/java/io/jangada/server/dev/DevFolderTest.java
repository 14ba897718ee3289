package io.jangada.server.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.server.run.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a local cluster: kept, emptied when asked, and never touched when it is somebody else's. */
class DevFolderTest {
    private final Path temp;

    DevFolderTest(@TempDir Path temp) {
        this.temp = temp;
    }

    @Test
    void dataStaysUnlessAskedOtherwise() throws IOException {
        Path folder = temp.resolve("jangada-data");
        new DevFolder(folder).prepare(false);
        Path data = Files.createDirectories(folder.resolve("n1/data/raft")).resolve("segment");
        Files.writeString(data, "x");

        new DevFolder(folder).prepare(false);
        assertThat(data).hasContent("x");
        new DevFolder(folder).prepare(true);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(folder.resolve("JANGADA-DEV"));
        }
    }

    @Test
    void aForeignFolderIsNeverTouched() throws IOException {
        Path thesis = Files.writeString(temp.resolve("thesis.txt"), "years of work");
        for (boolean fresh : new boolean[] {false, true}) {
            assertThatThrownBy(() -> new DevFolder(temp).prepare(fresh))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(temp.toString())
                    .hasMessageContaining("nothing in it was touched")
                    .hasMessageContaining("--data-dir");
        }
        assertThat(thesis).hasContent("years of work");
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        assertThatThrownBy(() -> new DevFolder(file).prepare(true)).hasMessageContaining("is not a folder");
        assertThat(file).hasContent("x");
    }

    @Test
    void anEmptyFolderMayBeUsed() {
        new DevFolder(temp).prepare(true);
        assertThat(temp.resolve("JANGADA-DEV")).exists();
    }
}
