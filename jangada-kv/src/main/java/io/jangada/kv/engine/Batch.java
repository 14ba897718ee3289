package io.jangada.kv.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes that an engine carries out together or not at all, in the order in which they were added. */
public final class Batch {
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte @Nullable []> values = new ArrayList<>();

    public void put(byte[] key, byte[] value) {
        keys.add(key);
        values.add(value);
    }

    public void delete(byte[] key) {
        keys.add(key);
        values.add(null);
    }

    public int size() {
        return keys.size();
    }

    public byte[] keyAt(int position) {
        return keys.get(position);
    }

    /** The new value, or null for a deletion. */
    public byte @Nullable [] valueAt(int position) {
        return values.get(position);
    }
}
