package io.jangada.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process killed in the middle of applying leaves exactly the state at the applied index that it leaves. */
class CrashTest {
    private static final int ROUNDS = 8;

    @Test
    void theStateIsAlwaysThatOfTheAppliedIndex(@TempDir Path folder) throws IOException, InterruptedException {
        Random random = new Random(11);
        int progress = 0;
        int losses = 0;
        try (KeyValueStore twin = KeyValueStore.inMemory()) {
            for (int round = 0; round < ROUNDS; round++) {
                long seen = runAndKill(folder, twin.lastApplied() + 500 + random.nextInt(2_500));
                try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
                    long recovered = store.lastApplied();
                    assertThat(recovered).isGreaterThanOrEqualTo(twin.lastApplied());
                    progress += recovered > twin.lastApplied() ? 1 : 0;
                    losses += recovered < seen ? 1 : 0;
                    for (long index = twin.lastApplied() + 1; index <= recovered; index++) {
                        twin.apply(index, 1, CrashChild.command(index));
                        twin.batchApplied(index);
                    }
                    assertThat(store.revision()).isEqualTo(twin.revision());
                    assertThat(store.compactRevision()).isEqualTo(twin.compactRevision());
                    assertThat(store.stateHash())
                            .as("round %d, index %d", round, recovered)
                            .isEqualTo(twin.stateHash());
                }
            }
        }
        assertThat(progress).as("rounds that kept something").isGreaterThan(ROUNDS / 2);
        assertThat(losses).as("rounds that lost what was not flushed").isPositive();
    }

    /** Kills the child when it has applied up to this index; returns the last index that it told. */
    private static long runAndKill(Path folder, long until) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashChild.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long last = 0;
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            while (last < until) {
                String line = told.readLine();
                assertThat(line).as("the child ended by itself").isNotNull();
                last = Long.parseLong(String.valueOf(line));
            }
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        return last;
    }
}
