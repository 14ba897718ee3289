package io.jangada.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.kv.engine.MemoryEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restoring in processes of their own: killed in the middle, and with little memory. */
class RestoreCrashTest {
    private static final int ROUNDS = 6;
    private static final int MOST_ROUNDS = 200;

    /** A process that restores one of two states after the other is killed at any moment: one of the two is there, whole. */
    @Test
    void aKillInTheMiddleLeavesTheOldStateOrTheNewOne(@TempDir Path folder) throws IOException, InterruptedException {
        Map<Long, Long> hashes = new TreeMap<>();
        List<String> arguments =
                new ArrayList<>(List.of("restore", folder.resolve("kv").toString()));
        for (long index : new long[] {400, 900}) {
            try (KeyValueStore store = KeyValueStore.open(new MemoryEngine())) {
                for (long at = 1; at <= index; at++) {
                    store.apply(at, 1, CrashChild.command(at));
                    store.batchApplied(at);
                }
                hashes.put(index, store.stateHash());
                Path file = folder.resolve("snapshot-" + index);
                Files.write(file, SnapshotTest.snapshot(store));
                arguments.add(Long.toString(index));
                arguments.add(file.toString());
            }
        }
        Random random = new Random(5);
        int unfinished = 0;
        // How long a restore takes depends on the machine: as many rounds as it takes to hit some in the middle.
        for (int round = 0; round < ROUNDS || (unfinished == 0 && round < MOST_ROUNDS); round++) {
            Process child = start("-Xmx256m", arguments);
            try (BufferedReader told = output(child)) {
                for (int restores = 0; restores < 2; restores++) {
                    assertThat(told.readLine()).as("the child ended by itself").isNotNull();
                }
                LockSupport.parkNanos(random.nextInt(60_000_000));
            } finally {
                child.destroyForcibly();
                assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
            unfinished += Files.exists(folder.resolve("kv").resolve("restoring")) ? 1 : 0;
            try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("kv"))) {
                assertThat(hashes).containsEntry(store.lastApplied(), store.stateHash());
            }
            assertThat(folder.resolve("kv").resolve("restoring")).doesNotExist();
        }
        assertThat(unfinished).as("rounds killed in the middle of a restore").isPositive();
    }

    /** 150,000 keys with 120 MB of values go through a process whose heap is a quarter of that. */
    @Test
    void memoryDoesNotGrowWithTheState(@TempDir Path folder) throws IOException, InterruptedException {
        Process child = start("-Xmx32m", List.of("large", folder.toString()));
        try (BufferedReader told = output(child)) {
            assertThat(told.readLine()).isEqualTo("same");
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isZero();
    }

    private static BufferedReader output(Process child) {
        return new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Process start(String heap, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RestoreChild.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
