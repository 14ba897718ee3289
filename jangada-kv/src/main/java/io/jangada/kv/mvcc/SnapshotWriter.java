package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Cursor;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The writer of a store's state as a stream (docs/kv-store.md has the form). The same state gives the same bytes on every node, however far each has come with
 * removing what is compacted: that is left out. Holds one record at a time.
 */
public final class SnapshotWriter {
    static final byte[] MAGIC = "JKVS".getBytes(StandardCharsets.US_ASCII);
    static final int FORMAT_VERSION = 1;

    private static final int BUFFER_BYTES = 64 << 10;

    private final DataOutputStream out;
    private byte[] previous = {};
    private long records;

    private SnapshotWriter(DataOutputStream out) {
        this.out = out;
    }

    /** Writes everything that this view shows. Flushes the stream and does not close it. */
    public static void write(View view, OutputStream target) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(target, BUFFER_BYTES));
        out.write(MAGIC);
        out.writeInt(FORMAT_VERSION);
        out.write(view.meta().encode());
        new SnapshotWriter(out).records(view);
        out.flush();
    }

    private void records(View view) throws IOException {
        long oldest = view.meta().compactRevision();
        try (Cursor current = view.scan(Keys.currentBegin(), Keys.currentEnd())) {
            while (current.next()) {
                record(current.key(), current.value());
            }
        }
        try (Cursor history = view.scan(Keys.historyBegin(), Keys.historyEnd())) {
            while (history.next()) {
                byte[] key = history.key();
                if (Keys.revisionOfHistory(key) >= oldest) {
                    record(key, history.value());
                }
            }
        }
        try (Cursor events = view.scan(Keys.event(Math.max(oldest, 0), 0), Keys.eventEnd())) {
            while (events.next()) {
                record(events.key(), events.value());
            }
        }
        number(0);
        number(0);
        out.writeLong(records);
    }

    /** Neighbours share most of their keys, so only the rest of a key is written. */
    private void record(byte[] key, byte[] value) throws IOException {
        int shared = Arrays.mismatch(previous, key);
        number(shared);
        number(key.length - shared);
        out.write(key, shared, key.length - shared);
        number(value.length);
        out.write(value);
        previous = key;
        records++;
    }

    private void number(int value) throws IOException {
        int rest = value;
        while (rest >= 0x80) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
