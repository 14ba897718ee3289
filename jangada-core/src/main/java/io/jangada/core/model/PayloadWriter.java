package io.jangada.core.model;

import java.util.Arrays;

/** Writes numbers, big endian, and texts, their length and then two bytes for each character. */
final class PayloadWriter {
    private byte[] bytes = new byte[128];
    private int length;

    PayloadWriter u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    PayloadWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    PayloadWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    PayloadWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    PayloadWriter node(NodeId node) {
        return u64(node.value());
    }

    PayloadWriter text(String text) {
        if (text.length() > PayloadReader.MAX_TEXT) {
            throw new IllegalArgumentException(
                    "a text of " + text.length() + " characters; at most " + PayloadReader.MAX_TEXT + " are possible");
        }
        u16(text.length());
        for (int i = 0; i < text.length(); i++) {
            u16(text.charAt(i));
        }
        return this;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
