package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Batch;
import io.jangada.kv.engine.Cursor;
import io.jangada.kv.engine.Keyspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes that are not in the engine yet, laid over what is: the commands of a batch see each other through it. One thread. */
final class Overlay implements Keyspace {
    /** Stands for a deleted entry; compared by identity. */
    private static final byte[] DELETED = new byte[0];

    private static final byte[] UNTOUCHED = new byte[0];

    private final Keyspace base;
    private final NavigableMap<byte[], byte[]> changes = new TreeMap<>(Arrays::compareUnsigned);
    private final List<byte[]> undoKeys = new ArrayList<>();
    private final List<byte[]> undoValues = new ArrayList<>();
    private boolean undoable;

    Overlay(Keyspace base) {
        this.base = base;
    }

    void put(byte[] key, byte[] value) {
        set(key, value);
    }

    void delete(byte[] key) {
        set(key, DELETED);
    }

    private void set(byte[] key, byte[] value) {
        byte[] before = changes.put(key, value);
        if (undoable) {
            undoKeys.add(key);
            undoValues.add(before == null ? UNTOUCHED : before);
        }
    }

    /** Remembers what the following changes replace, until {@link #keep} or {@link #undo}. */
    void begin() {
        undoable = true;
    }

    void keep() {
        undoable = false;
        undoKeys.clear();
        undoValues.clear();
    }

    /** Takes back the changes since {@link #begin}. */
    void undo() {
        for (int i = undoKeys.size() - 1; i >= 0; i--) {
            byte[] before = undoValues.get(i);
            if (before == UNTOUCHED) {
                changes.remove(undoKeys.get(i));
            } else {
                changes.put(undoKeys.get(i), before);
            }
        }
        keep();
    }

    void writeTo(Batch batch) {
        for (Map.Entry<byte[], byte[]> change : changes.entrySet()) {
            if (change.getValue() == DELETED) {
                batch.delete(change.getKey());
            } else {
                batch.put(change.getKey(), change.getValue());
            }
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        byte[] changed = changes.get(key);
        if (changed != null) {
            return changed == DELETED ? null : changed;
        }
        return base.get(key);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        Cursor below = base.scan(from, to);
        if (Arrays.compareUnsigned(from, to) >= 0) {
            return below;
        }
        NavigableMap<byte[], byte[]> part = changes.subMap(from, true, to, false);
        return part.isEmpty() ? below : new Merged(below, part);
    }

    /** Two walks as one; an entry above hides the one below. What is changed during the walk is not seen reliably. */
    private static final class Merged implements Cursor {
        private final Cursor below;
        private final List<Map.Entry<byte[], byte[]>> above;
        private int at;
        private byte @Nullable [] belowKey;
        private byte @Nullable [] key;
        private byte @Nullable [] value;

        Merged(Cursor below, NavigableMap<byte[], byte[]> above) {
            this.below = below;
            this.above = new ArrayList<>(above.entrySet());
            this.belowKey = below.next() ? below.key() : null;
        }

        @Override
        public boolean next() {
            while (true) {
                if (key != null && value == null) {
                    advanceBelow();
                }
                key = null;
                value = null;
                byte[] aboveKey = at < above.size() ? above.get(at).getKey() : null;
                byte[] lower = belowKey;
                if (aboveKey == null) {
                    key = lower;
                    return lower != null;
                }
                int order = lower == null ? 1 : Arrays.compareUnsigned(lower, aboveKey);
                if (order < 0) {
                    key = lower;
                    return true;
                }
                if (order == 0) {
                    advanceBelow();
                }
                byte[] changed = above.get(at++).getValue();
                if (changed != DELETED) {
                    key = aboveKey;
                    value = changed;
                    return true;
                }
            }
        }

        private void advanceBelow() {
            belowKey = below.next() ? below.key() : null;
        }

        @Override
        public byte[] key() {
            byte[] here = key;
            if (here == null) {
                throw new IllegalStateException("the cursor stands on no entry");
            }
            return here;
        }

        @Override
        public byte[] value() {
            byte[] here = value;
            return here != null ? here : below.value();
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
