package io.jangada.server.backup;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import io.jangada.kv.BackupState;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.KvCommands;
import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.PutRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Backups for tests: of a store with some keys, in memory. */
public final class SampleBackup {
    private SampleBackup() {}

    /** The backup of a store with so many keys, whose last entry has ten times that index and term 7. */
    public static byte[] ofKeys(int keys) throws IOException {
        try (KeyValueStore store = KeyValueStore.inMemory()) {
            for (int key = 1; key <= keys; key++) {
                put(store, 10L * key, "key-" + key, "value-" + key);
            }
            return of(store);
        }
    }

    public static void put(KeyValueStore store, long index, String key, String value) {
        store.apply(index, 7, KvCommands.encode(new PutRequest(bytes(key), bytes(value), 0, false, false, false)));
        store.batchApplied(index);
    }

    /** The backup of this store, with a number that is always the same. */
    public static byte[] of(KeyValueStore store) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BackupState state = store.backup()) {
            BackupHeader header = new BackupHeader(
                    new ClusterId(0xcafe),
                    NodeId.of(0x11),
                    state.appliedIndex(),
                    state.appliedTerm(),
                    state.revision(),
                    0x1234);
            BackupWriter.write(header, state::writeTo, out);
        }
        return out.toByteArray();
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text);
    }
}
