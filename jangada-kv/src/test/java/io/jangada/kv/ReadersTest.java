package io.jangada.kv;

import static io.jangada.kv.Requests.put;
import static io.jangada.kv.Requests.range;
import static io.jangada.kv.Requests.rangeAt;
import static io.jangada.kv.Requests.txn;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers beside the applier, a compaction and the end of the store. */
class ReadersTest {
    private static final int COMMANDS = 12_000;

    @Test
    void readersSeeWholeCommands(@TempDir Path folder)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        check(KeyValueStore.onDisk(folder));
        check(KeyValueStore.inMemory());
    }

    private static void check(KeyValueStore store) throws InterruptedException, ExecutionException, TimeoutException {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(threads.submit(reader(store)));
            }
            long index = 0;
            for (int i = 0; i < COMMANDS; i++) {
                index++;
                String value = Long.toString(i + 2);
                store.apply(index, 1, KvCommands.encode(txn(put("x", value), put("y", value))));
                if (i % 3_000 == 2_999) {
                    index++;
                    store.apply(index, 1, KvCommands.encode(new CompactRequest(i - 100, false)));
                }
                if (i % 5 == 0) {
                    store.batchApplied(index);
                }
            }
            store.batchApplied(index);
            // Closed under the readers, who must neither crash nor see anything else than its end.
            store.close();
            for (Future<Long> reader : readers) {
                assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Each command n puts n + 2 under both keys at revision n + 2, so that every read proves itself; returns the number of reads. */
    private static Callable<Long> reader(KeyValueStore store) {
        return () -> {
            long reads = 0;
            while (true) {
                KvResponse.Range now;
                try {
                    now = store.range(range("x", "z"));
                    reads++;
                    if (now.revision() > 1) {
                        assertSame(now, now.revision());
                        long earlier = Math.max(2, now.revision() - 50);
                        assertSame(store.range(rangeAt(earlier, "x", "z")), earlier);
                    }
                } catch (IllegalStateException closed) {
                    assertThat(closed).hasMessageContaining("is closed");
                    return reads;
                } catch (KvException compacted) {
                    assertThat(compacted.error()).isEqualTo(KvError.COMPACTED);
                }
            }
        };
    }

    private static void assertSame(KvResponse.Range read, long revision) {
        Bytes value = Bytes.of(Long.toString(revision));
        assertThat(read.kvs())
                .hasSize(2)
                .allMatch(kv -> kv.modRevision() == revision && kv.value().equals(value));
    }
}
