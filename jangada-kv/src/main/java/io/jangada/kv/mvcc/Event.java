package io.jangada.kv.mvcc;

import io.jangada.kv.model.Bytes;
import java.util.Arrays;

/**
 * One change in the log of changes: a put or a deletion of a key. The value is not here: it is the key's present version, or, once a later
 * change {@code (revision, sub)} has replaced it, in that change's place of the history. What this change replaced lies in
 * the history under its own revision and sub.
 */
record Event(boolean deletion, boolean replaced, Bytes key) {
    private static final int DELETION = 1;
    private static final int REPLACED = 2;

    byte[] encode() {
        byte[] raw = key.array();
        byte[] out = new byte[1 + raw.length];
        out[0] = (byte) ((deletion ? DELETION : 0) | (replaced ? REPLACED : 0));
        System.arraycopy(raw, 0, out, 1, raw.length);
        return out;
    }

    static Event decode(byte[] record) {
        return new Event(
                (record[0] & DELETION) != 0,
                (record[0] & REPLACED) != 0,
                Bytes.wrap(Arrays.copyOfRange(record, 1, record.length)));
    }
}
