package io.jangada.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.PutRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's own files as a snapshot: gathered and taken over as links, of just the state that was held. */
class SnapshotFilesTest {
    private static final int REQUESTS = 200;

    private final Path folder;

    SnapshotFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void randomStatesComeThroughAndGoOnAlike() throws IOException {
        for (long seed = 0; seed < 8; seed++) {
            try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("from-" + seed));
                    KeyValueStore other = KeyValueStore.onDisk(folder.resolve("to-" + seed))) {
                apply(other, new RandomRequests(seed + 5), 1, 20);
                apply(store, new RandomRequests(seed), 1, REQUESTS);
                try (StateSnapshot held = store.snapshot().orElseThrow()) {
                    other.restoreFiles(REQUESTS, 3, held.files());
                }
                assertThat(other.stateHash()).as("seed %d", seed).isEqualTo(store.stateHash());
                assertThat(other.lastApplied()).isEqualTo(REQUESTS);
                assertThat(other.revision()).isEqualTo(store.revision());
                apply(store, new RandomRequests(seed + 7), REQUESTS + 1, 2 * REQUESTS);
                apply(other, new RandomRequests(seed + 7), REQUESTS + 1, 2 * REQUESTS);
                assertThat(other.stateHash()).as("seed %d, gone on", seed).isEqualTo(store.stateHash());
            }
            assertThat(names(folder.resolve("from-" + seed))).containsExactly("db-00000001");
            assertThat(names(folder.resolve("to-" + seed))).containsExactly("db-00000002");
            try (KeyValueStore again = KeyValueStore.onDisk(folder.resolve("to-" + seed))) {
                assertThat(again.lastApplied()).isEqualTo(2L * REQUESTS);
            }
        }
    }

    /** Nothing is copied but what is small: a table is one file, in the store, in the snapshot, and in the store that is made of it. */
    @Test
    void tablesAreLinkedInBothDirections() throws IOException {
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("from"));
                KeyValueStore other = KeyValueStore.onDisk(folder.resolve("to"))) {
            fill(store, 1, 100, 1_000);
            try (StateSnapshot held = store.snapshot().orElseThrow()) {
                List<StateFile> files = held.files();
                List<StateFile> tables = files.stream()
                        .filter(file -> file.name().endsWith(".sst"))
                        .toList();
                assertThat(tables).isNotEmpty();
                other.restoreFiles(100, 1, files);
                for (StateFile table : tables) {
                    Path gathered = table.path().orElseThrow();
                    assertThat(Files.isSameFile(gathered, store(folder.resolve("from"), table)))
                            .isTrue();
                    assertThat(Files.isSameFile(gathered, store(folder.resolve("to"), table)))
                            .isTrue();
                }
                assertThat(Files.exists(folder.resolve("from").resolve("captured")))
                        .isTrue();
            }
            assertThat(Files.exists(folder.resolve("from").resolve("captured"))).isFalse();
            assertThat(other.stateHash()).isEqualTo(store.stateHash());
        }
    }

    private static Path store(Path place, StateFile table) throws IOException {
        String newest = names(place)
                .filter(name -> name.startsWith("db-"))
                .max(String::compareTo)
                .orElseThrow();
        return place.resolve(newest).resolve(table.name());
    }

    @Test
    void whatIsWrittenWhileTheFilesAreGatheredIsNotInThem() throws IOException {
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("from"));
                KeyValueStore other = KeyValueStore.onDisk(folder.resolve("to"))) {
            fill(store, 1, 50, 100);
            long hash = store.stateHash();
            try (StateSnapshot held = store.snapshot().orElseThrow()) {
                fill(store, 51, 90, 100);
                store.apply(91, 1, KvCommands.encode(new CompactRequest(80, false)));
                store.batchApplied(91);
                other.restoreFiles(50, 1, held.files());
            }
            assertThat(other.stateHash()).isEqualTo(hash);
            assertThat(other.lastApplied()).isEqualTo(50);
        }
    }

    /** More than a memory table holds: then what is on disk is a later state, and the snapshot is a stream. */
    @Test
    void ifTheFilesHaveMovedOnTheStateIsAStream() throws IOException {
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("from"));
                KeyValueStore other = KeyValueStore.onDisk(folder.resolve("to"))) {
            fill(store, 1, 50, 100);
            long hash = store.stateHash();
            try (StateSnapshot held = store.snapshot().orElseThrow()) {
                fill(store, 51, 150, 500_000);
                assertThat(held.files()).isEmpty();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                held.writeTo(out);
                other.restore(50, 1, new ByteArrayInputStream(out.toByteArray()));
            }
            assertThat(other.stateHash()).isEqualTo(hash);
        }
    }

    @Test
    void aStateHeldWhileAnotherIsTakenOverIsTheOldOne() throws IOException {
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("one"));
                KeyValueStore source = KeyValueStore.onDisk(folder.resolve("two"));
                KeyValueStore other = KeyValueStore.onDisk(folder.resolve("three"))) {
            fill(store, 1, 10, 10);
            long old = store.stateHash();
            fill(source, 1, 20, 10);
            try (StateSnapshot held = store.snapshot().orElseThrow()) {
                try (StateSnapshot newer = source.snapshot().orElseThrow()) {
                    store.restoreFiles(20, 1, newer.files());
                }
                other.restoreFiles(10, 1, held.files());
            }
            assertThat(other.stateHash()).isEqualTo(old);
            assertThat(store.stateHash()).isEqualTo(source.stateHash());
        }
    }

    @Test
    void whatACrashHasLeftIsRemoved() throws IOException {
        try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
            fill(store, 1, 10, 10);
        }
        Files.createDirectory(folder.resolve("captured"));
        Files.writeString(folder.resolve("captured").resolve("CURRENT"), "MANIFEST-000001\n");
        try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
            assertThat(store.lastApplied()).isEqualTo(10);
        }
        assertThat(names(folder)).containsExactly("db-00000001");
    }

    @Test
    void filesOfALaterStateOrOfSomethingElseLeaveTheOldStateInItsPlace() throws IOException {
        long hash;
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("one"));
                KeyValueStore source = KeyValueStore.onDisk(folder.resolve("two"))) {
            fill(store, 1, 10, 10);
            hash = store.stateHash();
            fill(source, 1, 20, 10);
            try (StateSnapshot newer = source.snapshot().orElseThrow()) {
                assertThatThrownBy(() -> store.restoreFiles(19, 1, newer.files()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("entry 19")
                        .hasMessageContaining("they stand at entry 20");
            }
        }
        Path other = Files.writeString(folder.resolve("CURRENT"), "no such thing");
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("one"))) {
            assertThat(store.stateHash()).isEqualTo(hash);
            assertThatThrownBy(() -> store.restoreFiles(30, 1, List.of(StateFile.at(other))))
                    .isInstanceOf(IOException.class);
        }
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("one"))) {
            assertThat(store.stateHash()).isEqualTo(hash);
        }
    }

    @Test
    void aStoreInMemoryHasNoFiles() throws IOException {
        try (KeyValueStore store = KeyValueStore.inMemory();
                StateSnapshot held = store.snapshot().orElseThrow()) {
            assertThat(held.files()).isEmpty();
        }
        try (KeyValueStore store = KeyValueStore.inMemory()) {
            assertThatThrownBy(() -> store.restoreFiles(3, 1, List.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in memory cannot be made of files");
        }
    }

    private static void fill(KeyValueStore store, long from, long to, int valueBytes) {
        Random random = new Random(from);
        for (long index = from; index <= to; index++) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            store.apply(
                    index,
                    1,
                    KvCommands.encode(
                            new PutRequest(Bytes.of("key-" + index % 40), Bytes.wrap(value), 0, false, false, false)));
            store.batchApplied(index);
        }
    }

    private static void apply(KeyValueStore store, RandomRequests random, long from, long to) {
        for (long index = from; index <= to; index++) {
            store.apply(index, 1 + index / 100, KvCommands.encode(random.command(store.revision())));
            store.batchApplied(index);
        }
    }

    private static Stream<String> names(Path place) throws IOException {
        try (Stream<Path> all = Files.list(place)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }
}
