package io.jangada.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** A checksum of 64 bits over the content of a snapshot: CRC-32C in the upper half, CRC-32 in the lower, for both of which processors have instructions. */
public final class Fingerprint {
    private final CRC32C upper = new CRC32C();
    private final CRC32 lower = new CRC32();

    /** That of these bytes. */
    static long of(byte[] bytes) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.update(ByteBuffer.wrap(bytes));
        return fingerprint.value();
    }

    /** Adds what remains of these bytes; the position stays. */
    public void update(ByteBuffer bytes) {
        upper.update(bytes.duplicate());
        lower.update(bytes.duplicate());
    }

    public long value() {
        return (upper.getValue() << 32) | lower.getValue();
    }
}
