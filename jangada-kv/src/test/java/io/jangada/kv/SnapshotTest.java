package io.jangada.kv;

import static io.jangada.kv.Requests.END;
import static io.jangada.kv.Requests.get;
import static io.jangada.kv.Requests.put;
import static io.jangada.kv.Requests.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.StateSnapshot;
import io.jangada.kv.engine.MemoryEngine;
import io.jangada.kv.model.CompactRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of the store: what goes in comes out, the same bytes everywhere, and a failed restore changes nothing. */
class SnapshotTest {
    private static final int REQUESTS = 200;

    @Test
    void randomStatesComeThroughAndGoOnAlike() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            try (KeyValueStore store = KeyValueStore.inMemory();
                    KeyValueStore other = KeyValueStore.inMemory()) {
                check(seed, store, other);
            }
        }
    }

    @Test
    void randomStatesComeThroughOnDisk(@TempDir Path folder) throws IOException {
        for (long seed = 1_000; seed < 1_012; seed++) {
            Path place = folder.resolve("seed-" + seed);
            long hash;
            try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("from-" + seed));
                    KeyValueStore other = KeyValueStore.onDisk(place)) {
                apply(other, new RandomRequests(seed + 5), 1, 20);
                check(seed, store, other);
                hash = other.stateHash();
            }
            try (KeyValueStore again = KeyValueStore.onDisk(place)) {
                assertThat(again.stateHash()).isEqualTo(hash);
                assertThat(again.lastApplied()).isEqualTo(2L * REQUESTS);
            }
            assertThat(names(place)).containsExactly("db-00000002");
        }
    }

    private static void check(long seed, KeyValueStore store, KeyValueStore other) throws IOException {
        RandomRequests random = new RandomRequests(seed);
        apply(store, random, 1, REQUESTS);
        byte[] snapshot = snapshot(store);
        other.restore(REQUESTS, 3, new ByteArrayInputStream(snapshot));
        assertSame(seed, store, other);
        assertThat(snapshot(other)).as("seed %d", seed).isEqualTo(snapshot);
        RandomRequests twin = new RandomRequests(seed + 7);
        apply(store, new RandomRequests(seed + 7), REQUESTS + 1, 2 * REQUESTS);
        apply(other, twin, REQUESTS + 1, 2 * REQUESTS);
        assertSame(seed, store, other);
    }

    private static void assertSame(long seed, KeyValueStore store, KeyValueStore other) {
        assertThat(other.stateHash()).as("seed %d", seed).isEqualTo(store.stateHash());
        assertThat(other.lastApplied()).isEqualTo(store.lastApplied());
        assertThat(other.revision()).isEqualTo(store.revision());
        assertThat(other.compactRevision()).isEqualTo(store.compactRevision());
    }

    private static void apply(KeyValueStore store, RandomRequests random, long from, long to) {
        for (long index = from; index <= to; index++) {
            store.apply(index, 1 + index / 100, KvCommands.encode(random.command(store.revision())));
            store.batchApplied(index);
        }
    }

    @Test
    void howFarCompactionHasComeDoesNotShow() throws IOException {
        Deque<Runnable> never = new ArrayDeque<>();
        try (KeyValueStore lazy = KeyValueStore.open(new MemoryEngine(), never::add, () -> {});
                KeyValueStore tidy = KeyValueStore.inMemory()) {
            for (KeyValueStore store : new KeyValueStore[] {lazy, tidy}) {
                for (long index = 1; index <= 3_000; index++) {
                    store.apply(index, 1, KvCommands.encode(put("k" + index % 7, "v" + index)));
                }
                store.apply(3_001, 1, KvCommands.encode(new CompactRequest(2_950, false)));
                store.batchApplied(3_001);
            }
            assertThat(snapshot(lazy)).isEqualTo(snapshot(tidy)).hasSizeLessThan(8_000);
        }
    }

    @Test
    void aBackupIsTheSameBytesAndCanBeDescribedWithoutAStore() throws IOException {
        try (KeyValueStore store = KeyValueStore.inMemory()) {
            apply(store, new RandomRequests(5), 1, 2_000);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            StateSummary summary;
            try (BackupState state = store.backup()) {
                store.apply(2_001, 30, KvCommands.encode(put("later", "1")));
                store.batchApplied(2_001);
                state.writeTo(out);
                summary = StateSummary.read(new ByteArrayInputStream(out.toByteArray()));
                assertThat(summary.appliedIndex()).isEqualTo(state.appliedIndex());
                assertThat(summary.appliedTerm()).isEqualTo(state.appliedTerm());
                assertThat(summary.revision()).isEqualTo(state.revision()).isEqualTo(store.revision() - 1);
            }
            try (KeyValueStore other = KeyValueStore.inMemory()) {
                other.restore(2_000, 21, new ByteArrayInputStream(out.toByteArray()));
                assertThat(snapshot(other)).isEqualTo(out.toByteArray());
                assertThat(other.range(range(END, END)).count()).isEqualTo(summary.keys());
            }
        }
    }

    @Test
    void aSnapshotIsOfTheMomentInWhichItWasTaken() throws IOException {
        try (KeyValueStore store = KeyValueStore.inMemory();
                KeyValueStore other = KeyValueStore.inMemory()) {
            store.apply(1, 1, KvCommands.encode(put("a", "1")));
            store.batchApplied(4);
            long hash = store.stateHash();
            StateSnapshot held = store.snapshot().orElseThrow();
            store.apply(5, 1, KvCommands.encode(put("a", "2")));
            store.batchApplied(5);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (held) {
                held.writeTo(out);
            }
            other.restore(4, 1, new ByteArrayInputStream(out.toByteArray()));
            assertThat(other.stateHash()).isEqualTo(hash);
            assertThat(other.lastApplied()).isEqualTo(4);
            assertThatThrownBy(() -> other.apply(4, 1, KvCommands.encode(put("b", "1"))))
                    .hasMessageContaining("must not be applied twice");
        }
    }

    @Test
    void aSnapshotCutAnywhereLeavesTheOldState(@TempDir Path folder) throws IOException {
        byte[] snapshot;
        try (KeyValueStore store = KeyValueStore.inMemory()) {
            for (long index = 1; index <= 4; index++) {
                store.apply(index, 1, KvCommands.encode(put("key-" + index % 2, "v" + index)));
                store.batchApplied(index);
            }
            snapshot = snapshot(store);
        }
        for (int length = 0; length < snapshot.length; length++) {
            byte[] cut = Arrays.copyOf(snapshot, length);
            KeyValueStore store = KeyValueStore.inMemory();
            assertThatThrownBy(() -> store.restore(9, 1, new ByteArrayInputStream(cut)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut short");
            store.close();
        }
        byte[] half = Arrays.copyOf(snapshot, snapshot.length / 2);
        long hash;
        try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
            store.apply(1, 1, KvCommands.encode(put("old", "state")));
            store.batchApplied(1);
            store.flush();
            hash = store.stateHash();
            assertThatThrownBy(() -> store.restore(9, 1, new ByteArrayInputStream(half)))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> store.batchApplied(2)).hasMessageContaining("has failed before");
            assertThat(store.range(get("old")).count()).isEqualTo(1);
        }
        try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
            assertThat(store.stateHash()).isEqualTo(hash);
            assertThat(store.lastApplied()).isEqualTo(1);
        }
        assertThat(names(folder)).containsExactly("db-00000001");
    }

    @Test
    void whatIsNoSnapshotIsRefusedByName() throws IOException {
        byte[] snapshot;
        try (KeyValueStore store = KeyValueStore.inMemory()) {
            store.apply(7, 1, KvCommands.encode(put("a", "1")));
            store.batchApplied(7);
            snapshot = snapshot(store);
        }
        assertRefused(snapshot, 6, "said to end at entry 6 and holds what entry 7 did");
        assertRefused(changed(snapshot, 0, 'X'), 7, "it begins like something else");
        assertRefused(changed(snapshot, 7, 9), 7, "format version 9, but this program reads only version 1");
        assertRefused(changed(snapshot, 42, 'x'), 7, "out of order or in no known place");
        assertRefused(changed(snapshot, snapshot.length - 1, 99), 7, "it holds 2 records and says 99");
        assertRefused(Arrays.copyOf(snapshot, snapshot.length + 1), 7, "something follows its end");
    }

    private static byte[] changed(byte[] snapshot, int at, int value) {
        byte[] copy = snapshot.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private static void assertRefused(byte[] snapshot, long index, String why) {
        KeyValueStore store = KeyValueStore.inMemory();
        assertThatThrownBy(() -> store.restore(index, 1, new ByteArrayInputStream(snapshot)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
        store.close();
    }

    /** Disks hold it and nodes of different versions exchange it, so it stays as it is. */
    @Test
    void theFormIsPinned() throws IOException {
        try (KeyValueStore store = KeyValueStore.inMemory()) {
            store.apply(1, 1, KvCommands.encode(put("k", "v")));
            store.apply(2, 1, KvCommands.encode(put("k", "w")));
            store.batchApplied(5);
            assertThat(HexFormat.of().formatHex(snapshot(store)))
                    .isEqualTo(
                            "4a4b565300000001" // magic, version
                                    + "0000000000000005" + "0000000000000001" + "0000000000000003" + "ffffffffffffffff"
                                    + "0002106b21" + "0000000000000002" + "0000000000000003" + "0000000000000002"
                                    + "0000000000000000" + "77" // key k, value w
                                    + "0010206b0001000000000000000300000000" + "21" + "0000000000000002"
                                    + "0000000000000002"
                                    + "0000000000000001" + "0000000000000000" + "76" // what it replaced
                                    + "000d30000000000000000200000000" + "02" + "006b" // first event
                                    + "0805" + "0300000000" + "02" + "026b" // second event
                                    + "0000" + "0000000000000004");
        }
    }

    /** Who reads while the state is replaced sees the old state to the end, then the new one; the old files go with the last reader. */
    @Test
    void whoHoldsTheOldStateKeepsIt(@TempDir Path folder) throws IOException {
        byte[] snapshot;
        try (KeyValueStore source = KeyValueStore.inMemory()) {
            source.apply(5, 1, KvCommands.encode(put("new", "state")));
            source.batchApplied(5);
            snapshot = snapshot(source);
        }
        try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
            store.apply(1, 1, KvCommands.encode(put("old", "state")));
            store.batchApplied(1);
            StateSnapshot held = store.snapshot().orElseThrow();
            store.restore(5, 1, new ByteArrayInputStream(snapshot));
            assertThat(store.range(range(END, END)).kvs()).singleElement().satisfies(kv -> assertThat(kv)
                    .isEqualTo(Requests.kv("new", 2, 2, 1, "state")));
            assertThat(names(folder)).containsExactly("db-00000001", "db-00000002");
            ByteArrayOutputStream old = new ByteArrayOutputStream();
            held.writeTo(old);
            held.close();
            assertThat(names(folder)).containsExactly("db-00000002");
            store.restore(1, 1, new ByteArrayInputStream(old.toByteArray()));
            assertThat(store.range(get("old")).count()).isEqualTo(1);
            assertThat(names(folder)).containsExactly("db-00000003");
        }
    }

    static byte[] snapshot(KeyValueStore store) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StateSnapshot held = store.snapshot().orElseThrow()) {
            held.writeTo(out);
        }
        return out.toByteArray();
    }

    private static Stream<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }
}
