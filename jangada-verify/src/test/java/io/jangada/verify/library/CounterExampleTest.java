package io.jangada.verify.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.SourceTree;
import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.FreePorts;
import io.jangada.verify.process.InteractiveProcess;
import io.jangada.verify.process.ServerCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The replicated counter of the README: short, printed there as it is, and it runs with nothing but the one dependency. */
@Timeout(120)
final class CounterExampleTest {
    private static final int MAX_LINES = 40;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;

    CounterExampleTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static Path source() {
        return SourceTree.root().resolve("jangada-verify/src/test/java/counter/Counter.java");
    }

    @Test
    void theReadmePrintsTheSourceAsItIs() {
        String text = SourceTree.read(source());
        assertThat(text.lines()).hasSizeLessThanOrEqualTo(MAX_LINES);
        assertThat(SourceTree.read(SourceTree.root().resolve("README.md"))).contains("```java\n" + text + "```\n");
    }

    /** Three processes on the class path add in turn, and each is told the sum of what all have added. */
    @Test
    void threeProcessesAgreeOnTheClassPath() {
        Path classes = compile(List.of("-cp", LibraryPath.asText()), List.of(source()));
        String classPath = classes + File.pathSeparator + LibraryPath.asText();
        List<InteractiveProcess> nodes = new ArrayList<>();
        List<String> addresses =
                FreePorts.take(3).stream().map(port -> "127.0.0.1:" + port).toList();
        for (int id = 1; id <= 3; id++) {
            List<String> command = new ArrayList<>(
                    List.of(ServerCommand.java(), "-cp", classPath, "counter.Counter", Integer.toString(id)));
            command.addAll(addresses);
            nodes.add(InteractiveProcess.start(command, folder, "counter-" + id + ".log"));
        }
        try {
            List<Long> told = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                for (InteractiveProcess node : nodes) {
                    node.say("1");
                    told.add(Long.valueOf(node.awaitLine(round, "[0-9]+", LIMIT)));
                }
            }
            assertThat(told).isEqualTo(LongStream.rangeClosed(1, 15).boxed().toList());
        } finally {
            nodes.forEach(InteractiveProcess::close);
        }
    }

    /** One node on the module path: the descriptors name all they need. */
    @Test
    void theModulePathWorksToo() throws IOException {
        Path descriptor = folder.resolve("module-info.java");
        Files.writeString(descriptor, "module counter { requires io.jangada; exports counter; }\n");
        Path classes = compile(List.of("--module-path", LibraryPath.asText()), List.of(descriptor, source()));
        ChildProcess.Finished finished = ChildProcess.run(
                List.of(
                        ServerCommand.java(),
                        "--module-path",
                        classes + File.pathSeparator + LibraryPath.asText(),
                        "--module",
                        "counter/counter.Counter",
                        "1",
                        "127.0.0.1:" + FreePorts.take(1).get(0)),
                folder,
                "5\n7\n",
                LIMIT);
        assertThat(numbers(finished)).containsExactly(5L, 12L);
    }

    private static List<Long> numbers(ChildProcess.Finished finished) {
        assertThat(finished.exitCode()).as(finished.output()).isZero();
        return finished.output()
                .lines()
                .filter(line -> line.matches("[0-9]+"))
                .map(Long::valueOf)
                .toList();
    }

    private Path compile(List<String> path, List<Path> sources) {
        Path classes = folder.resolve("classes");
        List<String> arguments = new ArrayList<>(path);
        arguments.addAll(List.of("-proc:none", "--release", "17", "-d", classes.toString()));
        sources.forEach(file -> arguments.add(file.toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .as("the example compiles against the one dependency")
                .isZero();
        return classes;
    }
}
