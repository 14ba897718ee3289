package io.jangada.kv;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** A process that applies commands to a store until somebody kills it. Each command follows from its index alone. */
final class CrashChild {
    private CrashChild() {}

    public static void main(String[] args) throws IOException {
        KeyValueStore store = KeyValueStore.onDisk(Path.of(args[0]));
        Random random = new Random();
        for (long index = store.lastApplied() + 1; ; index++) {
            store.apply(index, 1 + index / 1_000, command(index));
            if (random.nextInt(6) == 0) {
                store.batchApplied(index);
                System.out.println(index);
            }
            if (random.nextInt(700) == 0) {
                store.batchApplied(index);
                store.flush();
            }
        }
    }

    /** Mostly large puts, so that the engine often has a table to write; the rest is anything, compactions too. */
    static byte[] command(long index) {
        RandomRequests random = new RandomRequests(index);
        KvRequest request = random.command(Math.max(1, index * 2 / 3));
        if (request instanceof PutRequest put) {
            byte[] value = new byte[4_000 + random.nextInt(12_000)];
            Arrays.fill(value, (byte) index);
            request = new PutRequest(put.key(), Bytes.wrap(value), 0, false, false, false);
        }
        return KvCommands.encode(request);
    }
}
