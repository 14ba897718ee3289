package io.jangada.kv.engine;

import org.jspecify.annotations.Nullable;

/** An ordered map from bytes to bytes; keys are ordered as unsigned numbers. */
public interface Keyspace {

    /** The value of the key, or null. The caller must not change it. */
    byte @Nullable [] get(byte[] key);

    /** The entries from {@code from} (included) to {@code to} (excluded), in order. Close the cursor. */
    Cursor scan(byte[] from, byte[] to);
}
