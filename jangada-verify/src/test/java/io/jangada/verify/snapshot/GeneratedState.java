package io.jangada.verify.snapshot;

import io.jangada.api.StateSnapshot;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The state of a key-value store with so many keys of {@link #VALUE_BYTES} each, made while it is written, in the form that docs/kv-store.md describes. The values cannot be compressed.
 *
 * @param keys at most a million
 */
record GeneratedState(int keys) implements StateSnapshot {
    static final int VALUE_BYTES = 1 << 20;
    static final long INDEX = 5_000_000;
    static final long TERM = 3;

    private static final int KEY_BYTES = 9;
    private static final int VERSION_BYTES = 32;

    @Override
    public void writeTo(OutputStream target) throws IOException {
        DataOutputStream out = new DataOutputStream(target);
        out.write("JKVS".getBytes(StandardCharsets.US_ASCII));
        out.writeInt(1);
        for (long field : new long[] {INDEX, TERM, revision(), -1}) {
            out.writeLong(field);
        }
        for (int key = 0; key < keys; key++) {
            out.writeByte(key == 0 ? 0 : 1); // shares the byte that marks the present version
            out.writeByte(key == 0 ? 1 + KEY_BYTES : KEY_BYTES);
            if (key == 0) {
                out.writeByte(0x10);
            }
            out.write(key(key));
            number(out, VERSION_BYTES + VALUE_BYTES);
            for (long field : new long[] {key + 2L, key + 2L, 1, 0}) {
                out.writeLong(field);
            }
            out.write(value(key));
        }
        out.writeShort(0);
        out.writeLong(keys);
        out.flush();
    }

    long revision() {
        return keys + 1L;
    }

    static byte[] key(int number) {
        return String.format("key%06d", number).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] value(int number) {
        SplittableRandom random = new SplittableRandom(number);
        ByteBuffer bytes = ByteBuffer.allocate(VALUE_BYTES);
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextLong());
        }
        return bytes.array();
    }

    private static void number(OutputStream out, int value) throws IOException {
        int rest = value;
        while (rest >= 0x80) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
