package io.jangada.core.model;

/** Reads what {@link PayloadWriter} writes; whatever is cut short or left over is an {@link IllegalArgumentException}. */
final class PayloadReader {
    static final int MAX_TEXT = 0xffff;

    private final byte[] bytes;
    private final String what;
    private int at;

    PayloadReader(byte[] bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    int u8() {
        if (at >= bytes.length) {
            throw new IllegalArgumentException(what + " is cut short after " + bytes.length + " bytes");
        }
        return bytes[at++] & 0xff;
    }

    int u16() {
        return (u8() << 8) | u8();
    }

    int u32() {
        return (u16() << 16) | u16();
    }

    long u64() {
        return ((long) u32() << 32) | (u32() & 0xffff_ffffL);
    }

    NodeId node() {
        return new NodeId(u64());
    }

    String text() {
        int length = u16();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) u16());
        }
        return text.toString();
    }

    void expectEnd() {
        if (at != bytes.length) {
            throw new IllegalArgumentException(what + " has " + (bytes.length - at) + " bytes too many");
        }
    }
}
