package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Cursor;
import io.jangada.kv.engine.Keyspace;
import io.jangada.kv.engine.Snapshot;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the store holds after some batch, with where it stands; lives as long as somebody holds it. Close it exactly once for each time it was acquired. */
public final class View implements Keyspace, AutoCloseable {
    private final Snapshot snapshot;
    private final Meta meta;
    private final Runnable whenFree;
    private final AtomicInteger holders = new AtomicInteger(1);

    View(Snapshot snapshot, Meta meta, Runnable whenFree) {
        this.snapshot = snapshot;
        this.meta = meta;
        this.whenFree = whenFree;
    }

    public Meta meta() {
        return meta;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return snapshot.get(key);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        return snapshot.scan(from, to);
    }

    /** Adds a holder, unless the last one has gone. */
    boolean hold() {
        while (true) {
            int now = holders.get();
            if (now == 0) {
                return false;
            }
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    @Override
    public void close() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("a view of the key-value store was closed twice");
        }
        if (left == 0) {
            snapshot.close();
            whenFree.run();
        }
    }
}
