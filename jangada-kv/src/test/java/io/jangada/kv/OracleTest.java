package io.jangada.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.kv.engine.MemoryEngine;
import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of random requests, each answer compared with that of the naive store. A failure names the seed. */
class OracleTest {
    private static final int REQUESTS = 150;

    @Test
    void memoryAnswersAsTheNaiveStore() {
        for (long seed = 0; seed < 1_500; seed++) {
            try (KeyValueStore store = KeyValueStore.open(new MemoryEngine())) {
                run(seed, store);
            }
        }
    }

    @Test
    void diskAnswersAsTheNaiveStore(@TempDir Path folder) throws IOException {
        for (long seed = 10_000; seed < 10_060; seed++) {
            try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("seed-" + seed))) {
                run(seed, store);
            }
        }
    }

    @Test
    void diskAnswersTheSameAfterEachRestart(@TempDir Path folder) throws IOException {
        NaiveStore oracle = new NaiveStore();
        RandomRequests random = new RandomRequests(77);
        long index = 0;
        for (int round = 0; round < 20; round++) {
            try (KeyValueStore store = KeyValueStore.onDisk(folder)) {
                assertThat(store.lastApplied()).isEqualTo(index);
                for (int i = 0; i < 30; i++) {
                    KvRequest request = random.command(oracle.revision());
                    index++;
                    assertThat(store.apply(index, 1, KvCommands.encode(request)))
                            .isEqualTo(oracle.apply(request));
                    if (random.nextInt(3) == 0 || i == 29) {
                        store.batchApplied(++index);
                    }
                }
                compareReads(77, store, oracle, random);
            }
        }
    }

    private static void run(long seed, KeyValueStore store) {
        // A second store gets the same commands one at a time; it must end with the same hash.
        try (KeyValueStore twin = KeyValueStore.inMemory()) {
            NaiveStore oracle = new NaiveStore();
            RandomRequests random = new RandomRequests(seed);
            long index = 0;
            for (int i = 0; i < REQUESTS; i++) {
                KvRequest request = random.command(oracle.revision());
                byte[] command = KvCommands.encode(request);
                index++;
                KvResponse expected = oracle.apply(request);
                assertThat(store.apply(index, 1, command))
                        .as("seed %d, request %d: %s", seed, i, request)
                        .isEqualTo(expected);
                assertThat(twin.apply(index, 1, command)).isEqualTo(expected);
                twin.batchApplied(index);
                if (random.nextInt(8) == 0) {
                    store.batchApplied(index);
                    compareReads(seed, store, oracle, random);
                }
            }
            store.batchApplied(index);
            compareReads(seed, store, oracle, random);
            assertThat(store.revision()).as("seed %d", seed).isEqualTo(oracle.revision());
            assertThat(store.compactRevision()).as("seed %d", seed).isEqualTo(oracle.compacted());
            assertThat(store.stateHash()).as("seed %d", seed).isEqualTo(twin.stateHash());
        }
    }

    private static void compareReads(long seed, KeyValueStore store, NaiveStore oracle, RandomRequests random) {
        for (int i = 0; i < 6; i++) {
            RangeRequest range = random.range(oracle.revision());
            assertThat(answer(store, range)).as("seed %d, %s", seed, range).isEqualTo(oracle.range(range));
        }
        for (long revision = Math.max(1, oracle.compacted()); revision <= oracle.revision(); revision++) {
            RangeRequest all = at(revision);
            assertThat(answer(store, all))
                    .as("seed %d, revision %d", seed, revision)
                    .isEqualTo(oracle.range(all));
        }
        TxnRequest txn = new TxnRequest(
                List.of(), List.of(random.range(oracle.revision()), random.range(oracle.revision())), List.of());
        assertThat(answer(store, txn)).as("seed %d, %s", seed, txn).isEqualTo(oracle.apply(txn));
    }

    private static RangeRequest at(long revision) {
        Bytes all = RandomRequests.bytes(0);
        return new RangeRequest(
                all,
                all,
                0,
                revision,
                RangeRequest.SortOrder.NONE,
                RangeRequest.SortTarget.KEY,
                false,
                false,
                false,
                0,
                0,
                0,
                0);
    }

    private static KvResponse answer(KeyValueStore store, KvRequest request) {
        try {
            return request instanceof RangeRequest range ? store.range(range) : store.readOnlyTxn((TxnRequest) request);
        } catch (KvException e) {
            return new KvResponse.Refused(store.revision(), e.error());
        }
    }
}
