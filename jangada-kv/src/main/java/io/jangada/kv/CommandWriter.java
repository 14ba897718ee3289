package io.jangada.kv;

import io.jangada.kv.model.Bytes;
import java.util.Arrays;

/** Writes the pieces of which commands are made. */
final class CommandWriter {
    private byte[] buffer = new byte[64];
    private int length;

    void octet(int value) {
        room(1);
        buffer[length++] = (byte) value;
    }

    /** Seven bits in each byte, the lowest first, the top bit set on all but the last; negative numbers take ten bytes. */
    void number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[length++] = (byte) rest;
    }

    void bytes(Bytes value) {
        number(value.length());
        room(value.length());
        System.arraycopy(value.array(), 0, buffer, length, value.length());
        length += value.length();
    }

    private void room(int more) {
        int needed = Math.addExact(length, more);
        if (needed > buffer.length) {
            buffer =
                    Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, buffer.length * 2L)));
        }
    }

    byte[] finish() {
        return Arrays.copyOf(buffer, length);
    }
}
