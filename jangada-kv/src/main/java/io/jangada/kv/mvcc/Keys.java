package io.jangada.kv.mvcc;

import io.jangada.kv.model.Bytes;
import java.util.Arrays;

/**
 * Where things lie in the engine (docs/kv-store.md has the table).
 *
 * <ul>
 *   <li>{@code 00} the format; {@code 01} applied index, revision and so on;
 *   <li>{@code 10 key} the present version of a key;
 *   <li>{@code 20 escaped-key revision sub} the version that the change {@code (revision, sub)} replaced or deleted;
 *   <li>{@code 30 revision sub} the change itself: what happened to which key.
 * </ul>
 *
 * <p>A key inside a longer one is escaped so that the order of keys is kept: 00 becomes 00 FF, and 00 01 ends it.
 */
final class Keys {
    static final byte[] FORMAT = {0x00};
    static final byte[] META = {0x01};

    private static final byte CURRENT = 0x10;
    private static final byte HISTORY = 0x20;
    private static final byte EVENT = 0x30;
    private static final int POSITION_BYTES = 12;

    private Keys() {}

    static byte[] current(Bytes key) {
        byte[] raw = key.array();
        byte[] out = new byte[1 + raw.length];
        out[0] = CURRENT;
        System.arraycopy(raw, 0, out, 1, raw.length);
        return out;
    }

    static byte[] currentBegin() {
        return new byte[] {CURRENT};
    }

    /** The first place after all present versions. */
    static byte[] currentEnd() {
        return new byte[] {CURRENT + 1};
    }

    /** Whether this is a place for versions and events, as all records are but those about the store itself. */
    static boolean isData(byte[] place) {
        return place[0] == CURRENT || place[0] == HISTORY || place[0] == EVENT;
    }

    /** Whether a key's present version lies here. */
    static boolean isCurrent(byte[] place) {
        return place[0] == CURRENT;
    }

    static Bytes keyOfCurrent(byte[] place) {
        return Bytes.wrap(Arrays.copyOfRange(place, 1, place.length));
    }

    static byte[] history(Bytes key, long revision, int sub) {
        byte[] out = historyStart(key, POSITION_BYTES);
        putPosition(out, out.length - POSITION_BYTES, revision, sub);
        return out;
    }

    /** The first place for replaced versions of this key; also of all keys that come after it. */
    static byte[] historyStart(Bytes key) {
        return historyStart(key, 0);
    }

    static byte[] historyBegin() {
        return new byte[] {HISTORY};
    }

    static byte[] historyEnd() {
        return new byte[] {HISTORY + 1};
    }

    private static byte[] historyStart(Bytes key, int room) {
        byte[] raw = key.array();
        int zeros = 0;
        for (byte b : raw) {
            if (b == 0) {
                zeros++;
            }
        }
        byte[] out = new byte[1 + raw.length + zeros + 2 + room];
        out[0] = HISTORY;
        int at = 1;
        for (byte b : raw) {
            out[at++] = b;
            if (b == 0) {
                out[at++] = (byte) 0xFF;
            }
        }
        out[at] = 0;
        out[at + 1] = 1;
        return out;
    }

    static Bytes keyOfHistory(byte[] place) {
        int end = place.length - POSITION_BYTES - 2;
        byte[] raw = new byte[end - 1];
        int length = 0;
        for (int at = 1; at < end; at++) {
            raw[length++] = place[at];
            if (place[at] == 0) {
                at++;
            }
        }
        return Bytes.wrap(length == raw.length ? raw : Arrays.copyOf(raw, length));
    }

    static long revisionOfHistory(byte[] place) {
        return getLong(place, place.length - POSITION_BYTES);
    }

    static byte[] event(long revision, int sub) {
        byte[] out = new byte[1 + POSITION_BYTES];
        out[0] = EVENT;
        putPosition(out, 1, revision, sub);
        return out;
    }

    static byte[] eventEnd() {
        return new byte[] {EVENT + 1};
    }

    static long revisionOfEvent(byte[] place) {
        return getLong(place, 1);
    }

    static int subOfEvent(byte[] place) {
        return getInt(place, 9);
    }

    private static void putPosition(byte[] out, int at, long revision, int sub) {
        putLong(out, at, revision);
        putInt(out, at + 8, sub);
    }

    static void putLong(byte[] out, int at, long number) {
        putInt(out, at, (int) (number >>> 32));
        putInt(out, at + 4, (int) number);
    }

    static void putInt(byte[] out, int at, int number) {
        out[at] = (byte) (number >>> 24);
        out[at + 1] = (byte) (number >>> 16);
        out[at + 2] = (byte) (number >>> 8);
        out[at + 3] = (byte) number;
    }

    static long getLong(byte[] in, int at) {
        return ((long) getInt(in, at) << 32) | (getInt(in, at + 4) & 0xFFFF_FFFFL);
    }

    static int getInt(byte[] in, int at) {
        return (in[at] & 0xFF) << 24 | (in[at + 1] & 0xFF) << 16 | (in[at + 2] & 0xFF) << 8 | (in[at + 3] & 0xFF);
    }
}
