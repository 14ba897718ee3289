package io.jangada.testkit.lab;

import java.util.function.Supplier;

/** One half of a remote call, the request or the reply: bytes and nothing else, as on a real network. */
public final class Rpc {
    /** The answer to a call that asks for none. */
    public static final Rpc EMPTY = new Rpc("Empty", new byte[0], () -> "");

    private final String kind;
    private final byte[] bytes;
    private final Supplier<String> text;

    /**
     * @param kind what it is, e.g. {@code AppendRequest}; for people
     * @param bytes the encoded arguments or results; not copied, and not to be changed any more
     * @param text the same in a few words; asked for only when a trace is written
     */
    public Rpc(String kind, byte[] bytes, Supplier<String> text) {
        this.kind = kind;
        this.bytes = bytes;
        this.text = text;
    }

    public String kind() {
        return kind;
    }

    /** Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public String text() {
        return text.get();
    }
}
