package io.jangada.kv.engine;

/** A walk over entries in the order of their keys; stands before the first entry at the start. One thread at a time. */
public interface Cursor extends AutoCloseable {

    /** Goes to the next entry; false at the end. */
    boolean next();

    /** The key of the entry it stands on. The caller must not change it. */
    byte[] key();

    /** The value of the entry it stands on; costs nothing as long as nobody asks. The caller must not change it. */
    byte[] value();

    @Override
    void close();
}
