package io.jangada.kv.engine;

/** What an engine held at one moment; never changes. Any number of threads may read it. Close it before the engine. */
public interface Snapshot extends Keyspace, AutoCloseable {

    @Override
    void close();
}
