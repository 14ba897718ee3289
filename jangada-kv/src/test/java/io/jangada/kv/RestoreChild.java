package io.jangada.kv;

import io.jangada.api.StateSnapshot;
import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.PutRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A process that restores snapshots: two in turn until somebody kills it, or a large one that it has made itself. */
final class RestoreChild {
    private static final int KEYS = 150_000;
    private static final int VALUE_BYTES = 800;

    private RestoreChild() {}

    public static void main(String[] args) throws IOException {
        if (args[0].equals("large")) {
            large(Path.of(args[1]));
        } else {
            KeyValueStore store = KeyValueStore.onDisk(Path.of(args[1]));
            for (int at = 2; ; at = at == 2 ? 4 : 2) {
                try (InputStream in = Files.newInputStream(Path.of(args[at + 1]))) {
                    store.restore(Long.parseLong(args[at]), 1, in);
                }
                System.out.println(args[at]);
            }
        }
    }

    private static void large(Path folder) throws IOException {
        Random random = new Random(3);
        Path file = folder.resolve("snapshot");
        long hash;
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("from"))) {
            for (long index = 1; index <= KEYS; index++) {
                byte[] value = new byte[VALUE_BYTES];
                random.nextBytes(value);
                Bytes key = Bytes.of("key/" + index);
                store.apply(
                        index, 1, KvCommands.encode(new PutRequest(key, Bytes.wrap(value), 0, false, false, false)));
                if (index % 100 == 0) {
                    store.batchApplied(index);
                }
            }
            store.batchApplied(KEYS);
            long began = System.nanoTime();
            try (StateSnapshot held = store.snapshot().orElseThrow();
                    OutputStream out = Files.newOutputStream(file)) {
                held.writeTo(out);
            }
            report("written", file, began);
            hash = store.stateHash();
        }
        try (KeyValueStore store = KeyValueStore.onDisk(folder.resolve("to"))) {
            long began = System.nanoTime();
            try (InputStream in = Files.newInputStream(file)) {
                store.restore(KEYS, 1, in);
            }
            report("restored", file, began);
            System.out.println(store.stateHash() == hash && store.lastApplied() == KEYS ? "same" : "different");
        }
    }

    private static void report(String what, Path file, long beganNanos) throws IOException {
        System.err.printf(
                "a snapshot of %d keys, %d MB, %s in %d ms, heap %d MiB%n",
                KEYS,
                Files.size(file) >> 20,
                what,
                (System.nanoTime() - beganNanos) / 1_000_000,
                Runtime.getRuntime().maxMemory() >> 20);
    }
}
