package io.jangada.testkit.lab;

import java.util.function.Supplier;

/**
 * One half of a remote call, the request or the reply: bytes and nothing else, as on a real network.
 *
 * @param kind what it is, e.g. {@code AppendRequest}; for people
 * @param bytes the encoded arguments or results; not to be changed any more
 * @param text the same in a few words; asked for only when a trace is written
 */
public record Rpc(String kind, byte[] bytes, Supplier<String> text) {
    private static final byte[] NOTHING = {};

    /** The answer to a call that asks for none. */
    public static final Rpc EMPTY = new Rpc("Empty", NOTHING, () -> "");
}
