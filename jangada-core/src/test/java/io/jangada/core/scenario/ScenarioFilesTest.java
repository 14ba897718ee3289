package io.jangada.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every text scenario of {@code src/test/resources/scenarios}. With {@code -Dscenarios.rewrite=true} the files are written anew with what happens now; review the
 * difference like code.
 */
class ScenarioFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/scenarios");
    private static final boolean REWRITE = Boolean.getBoolean("scenarios.rewrite");

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyScenario() throws IOException {
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(file)));
    }

    private static void check(Path file) {
        try {
            String expected = Files.readString(file);
            String now = new ScenarioFile(String.valueOf(file.getFileName()), expected).run();
            if (REWRITE) {
                Files.writeString(file, now);
                return;
            }
            assertThat(now.lines().toList())
                    .as("%s; if the change is meant, write it anew with -Dscenarios.rewrite=true", file)
                    .isEqualTo(expected.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thereAreAtLeastForty() throws IOException {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(40);
    }
}
