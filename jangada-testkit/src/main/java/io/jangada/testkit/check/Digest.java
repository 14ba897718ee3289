package io.jangada.testkit.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A fast 64-bit digest, the same on every machine and in every run; no defence against an adversary. */
public final class Digest {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Digest() {}

    /** The digest of some bytes. */
    public static long of(byte[] bytes) {
        long digest = mix(OFFSET, bytes.length);
        int at = 0;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            digest = mix(digest, (long) WORDS.get(bytes, at));
        }
        for (; at < bytes.length; at++) {
            digest = (digest ^ (bytes[at] & 0xff)) * PRIME;
        }
        return digest;
    }

    /** The digest of a text. */
    public static long of(String text) {
        long digest = OFFSET;
        for (int i = 0; i < text.length(); i++) {
            digest = (digest ^ text.charAt(i)) * PRIME;
        }
        return digest;
    }

    /** A digest that depends on both, and on their order. */
    public static long mix(long digest, long value) {
        long mixed = (digest ^ value) * 0x9e3779b97f4a7c15L;
        return (mixed ^ (mixed >>> 32)) * PRIME;
    }
}
