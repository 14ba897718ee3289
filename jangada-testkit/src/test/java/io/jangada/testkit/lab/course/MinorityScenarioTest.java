package io.jangada.testkit.lab.course;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of docs/labs.md: it is what stands there, and it works. */
class MinorityScenarioTest {
    private static final Path SOURCE = Path.of("src/test/java/io/jangada/testkit/lab/course/MinorityScenario.java");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itPasses(long seed) {
        LabRun run = LabRun.of(MinorityScenario.scenario(), LabMode.VIRTUAL, seed, Trace.NONE);
        assertThat(run.failure()).isEmpty();
        assertThat(run.outcome().agreements()).isEqualTo(1);
    }

    @Test
    void thePageShowsItAsItIs() throws IOException {
        String source = Files.readString(SOURCE);
        String shown = source.substring(source.indexOf("/** A scenario of one's own"));
        assertThat(Files.readString(Path.of("../docs/labs.md"))).contains("```java\n" + shown + "```\n");
    }
}
