package io.jangada.verify.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.StartScript;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./jangada lab} as a learner calls it first, from the packaged server. */
@Timeout(60)
final class LabStartTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Path folder;

    LabStartTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aScenarioIsPlayedAndDrawn() {
        ChildProcess.Finished finished = ChildProcess.run(
                StartScript.command("lab", "BasicAgree", "--seed", "1", "--trace", "page.html"), folder, "", LIMIT);
        assertThat(finished.exitCode()).as(finished.output()).isZero();
        assertThat(finished.output())
                .startsWith("Virtual time, seed 1.")
                .contains("1 of 1 passed", "is drawn in page.html");
        assertThat(folder.resolve("page.html")).content().contains("<title>", "BasicAgree");
    }
}
