package io.jangada.kv;

import static io.jangada.kv.Requests.END;
import static io.jangada.kv.Requests.get;
import static io.jangada.kv.Requests.put;
import static io.jangada.kv.Requests.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.kv.engine.Engine;
import io.jangada.kv.engine.EngineException;
import io.jangada.kv.engine.MemoryEngine;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.KvRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction: decided at once by the log, carried out later by each node for itself, without a trace in any answer. */
class CompactionTest {
    private final Deque<Runnable> later = new ArrayDeque<>();
    private long index;

    private KeyValueStore open(Engine engine) {
        return KeyValueStore.open(engine, later::add, () -> {});
    }

    private void apply(KeyValueStore store, KvRequest request) {
        store.apply(++index, 1, KvCommands.encode(request));
        store.batchApplied(index);
    }

    private void fill(KeyValueStore store, int changes) {
        for (int i = 0; i < changes; i++) {
            apply(store, i % 7 == 6 ? Requests.delete("k" + i % 10) : put("k" + i % 10, "value-" + i));
        }
    }

    @Test
    void removingChangesNeitherAnswersNorTheHash() {
        KeyValueStore store = open(new MemoryEngine());
        fill(store, 5_000);
        long present = store.revision();
        long full = store.sizeBytes();
        apply(store, new CompactRequest(present - 10, true));
        CompletableFuture<Void> removed = store.physicalCompaction(present - 10);
        long hash = store.stateHash();
        Object all = store.range(range(END, END));
        Object old = store.range(Requests.rangeAt(present - 10, END, END));
        assertThat(removed).isNotDone();
        assertThat(store.sizeBytes()).isEqualTo(full);

        later.remove().run();

        assertThat(removed).isCompleted();
        assertThat(later).isEmpty();
        assertThat(store.stateHash()).isEqualTo(hash);
        assertThat(store.range(range(END, END))).isEqualTo(all);
        assertThat(store.range(Requests.rangeAt(present - 10, END, END))).isEqualTo(old);
        assertThat(store.sizeBytes()).isLessThan(full / 50);
        store.close();
    }

    @Test
    void whatARestartFindsUndoneIsDone() {
        Engine engine = new MemoryEngine();
        KeyValueStore store = open(engine);
        fill(store, 3_000);
        apply(store, new CompactRequest(store.revision(), false));
        CompletableFuture<Void> removed = store.physicalCompaction(store.revision());
        long hash = store.stateHash();
        long full = store.sizeBytes();
        store.close();
        assertThat(removed).isCompletedExceptionally();
        later.remove().run();
        assertThat(engine.sizeBytes()).as("a closed store touches nothing").isEqualTo(full);

        KeyValueStore again = open(engine);
        later.remove().run();
        assertThat(again.stateHash()).isEqualTo(hash);
        assertThat(again.physicalCompaction(again.compactRevision())).isCompleted();
        assertThat(again.sizeBytes()).isLessThan(full / 50);
        again.close();
    }

    @Test
    void diskGivesSpaceBack(@TempDir Path folder)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
            // Text that does not compress well, so that sizes mean something.
            Random random = new Random(1);
            for (int i = 0; i < 30_000; i++) {
                byte[] value = new byte[400];
                random.nextBytes(value);
                index++;
                store.apply(
                        index,
                        1,
                        KvCommands.encode(put("k" + i % 10, HexFormat.of().formatHex(value))));
                if (i % 50 == 49) {
                    store.batchApplied(index);
                }
            }
            store.batchApplied(index);
            store.flush();
            long full = store.sizeBytes();
            apply(store, new CompactRequest(store.revision(), true));
            store.physicalCompaction(store.revision()).get(60, TimeUnit.SECONDS);
            assertThat(store.range(range(END, END)).count()).isEqualTo(10);
            assertThat(store.sizeBytes()).isLessThan(full / 4);
            assertThat(store.sizeInUseBytes()).isLessThanOrEqualTo(store.sizeBytes());
        }
    }

    @Test
    void aFailedRemovalStopsTheStore() {
        FailingEngine engine = new FailingEngine();
        KeyValueStore store = open(engine);
        fill(store, 100);
        apply(store, new CompactRequest(50, false));
        CompletableFuture<Void> removed = store.physicalCompaction(50);
        engine.breakDown();
        later.remove().run();
        assertThat(removed).isCompletedExceptionally();
        assertThatThrownBy(() -> store.batchApplied(index + 1))
                .hasMessageContaining("removing compacted changes failed: the disk is full");
        assertThat(store.range(get("k1")).count()).isEqualTo(1);
    }

    @Test
    void aFailedWriteStopsTheStore() {
        FailingEngine engine = new FailingEngine();
        KeyValueStore store = open(engine);
        fill(store, 10);
        engine.breakDown();
        store.apply(11, 1, KvCommands.encode(put("new", "1")));
        assertThatThrownBy(() -> store.batchApplied(11)).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> store.batchApplied(11)).hasMessageContaining("has failed before");
        assertThat(store.range(get("new")).count())
                .as("readers see nothing of it")
                .isZero();
        store.close();
    }
}
