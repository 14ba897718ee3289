package io.jangada.testkit.check;

/** A fast 64-bit digest, the same on every machine and in every run; no defence against an adversary. */
public final class Digest {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Digest() {}

    /** The digest of some bytes. */
    public static long of(byte[] bytes) {
        long digest = OFFSET;
        for (byte each : bytes) {
            digest = (digest ^ (each & 0xff)) * PRIME;
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
