package io.jangada.kv.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An engine that keeps everything in memory and forgets it with the process: for simulation and tests. Deterministic. */
public final class MemoryEngine implements Engine {
    private volatile SortedTree tree = SortedTree.EMPTY;
    private volatile long bytes;

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public Snapshot snapshot() {
        return new Moment(tree);
    }

    @Override
    public synchronized void write(Batch batch) {
        SortedTree next = tree;
        long size = bytes;
        for (int i = 0; i < batch.size(); i++) {
            byte[] key = batch.keyAt(i);
            byte[] value = batch.valueAt(i);
            byte[] old = next.get(key);
            if (old != null) {
                size -= key.length + old.length;
            }
            if (value != null) {
                size += key.length + value.length;
                next = next.with(key, value);
            } else if (old != null) {
                next = next.without(key);
            }
        }
        tree = next;
        bytes = size;
    }

    /** Nothing to do: memory does not survive a crash. */
    @Override
    public void flush() {}

    /** Nothing to do: the garbage collector gives space back. */
    @Override
    public void reclaim(byte[] from, byte[] to) {}

    @Override
    public long sizeBytes() {
        return bytes;
    }

    @Override
    public long sizeInUseBytes() {
        return bytes;
    }

    @Override
    public Engine replaceBy(Filling filling) throws IOException {
        Engine fresh = new MemoryEngine();
        filling.into(fresh);
        return fresh;
    }

    @Override
    public void close() {}

    private record Moment(SortedTree tree) implements Snapshot {

        @Override
        public byte @Nullable [] get(byte[] key) {
            return tree.get(key);
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
            return tree.scan(from, to);
        }

        @Override
        public void close() {}
    }
}
