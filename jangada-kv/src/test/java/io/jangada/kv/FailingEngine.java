package io.jangada.kv;

import io.jangada.kv.engine.Batch;
import io.jangada.kv.engine.Engine;
import io.jangada.kv.engine.EngineException;
import io.jangada.kv.engine.MemoryEngine;
import io.jangada.kv.engine.Snapshot;
import java.io.IOException;

/** Memory whose writes can be made to fail. */
final class FailingEngine implements Engine {
    private final Engine memory = new MemoryEngine();
    private volatile boolean broken;

    void breakDown() {
        broken = true;
    }

    @Override
    public String place() {
        return "a broken disk";
    }

    @Override
    public Snapshot snapshot() {
        return memory.snapshot();
    }

    @Override
    public void write(Batch batch) {
        if (broken) {
            throw new EngineException("the disk is full");
        }
        memory.write(batch);
    }

    @Override
    public void flush() {}

    @Override
    public void reclaim(byte[] from, byte[] to) {}

    @Override
    public long sizeBytes() {
        return memory.sizeBytes();
    }

    @Override
    public long sizeInUseBytes() {
        return memory.sizeInUseBytes();
    }

    @Override
    public Engine replaceBy(Filling filling) throws IOException {
        return memory.replaceBy(filling);
    }

    @Override
    public void close() {}
}
