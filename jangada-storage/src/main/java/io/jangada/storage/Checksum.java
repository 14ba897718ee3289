package io.jangada.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C, the polynomial for which processors have an instruction. */
final class Checksum {
    private Checksum() {}

    /** The checksum of these bytes, by absolute position; the buffer's own position and limit do not matter and stay. */
    static int of(ByteBuffer buffer, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().clear().limit(from + length).position(from));
        return (int) crc.getValue();
    }
}
