package io.jangada.verify.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.ServerCommand;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A state much larger than the heap is taken, sent, restored, saved, and restored from the backup: nobody holds the whole of it. */
final class LargeSnapshotTest {
    private final Path folder;

    LargeSnapshotTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void fourTimesTheHeap() {
        run(32, 128, Duration.ofSeconds(100));
    }

    /** Needs 9 GiB of disk. */
    @Test
    @Tag("long")
    @Timeout(value = 1800, unit = TimeUnit.SECONDS)
    void fourGibibytesInAHeapOf256Mebibytes() {
        run(256, 4_096, Duration.ofSeconds(1_700));
    }

    private void run(int heapMebibytes, int stateMebibytes, Duration limit) {
        List<String> command = List.of(
                ServerCommand.java(),
                "-Xmx" + heapMebibytes + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                ServerCommand.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                LargeSnapshot.class.getName(),
                folder.toString(),
                Integer.toString(stateMebibytes));
        ChildProcess.Finished finished = ChildProcess.run(command, folder, "", limit);
        System.out.print(finished.output());
        assertThat(finished.exitCode()).as(finished.output()).isZero();
        assertThat(finished.output().lines()).last().asString().startsWith("DONE: ");
    }
}
