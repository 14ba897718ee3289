package io.jangada.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C, the polynomial for which processors have an instruction. */
final class Checksum {
    /**
     * How much is handed to the library at once. Only code that the compiler has fully optimised uses the instruction, and how soon that happens is a matter of how often it is called: with a whole record at
     * a time, the first hundred megabytes of a log would be summed up at a quarter of the speed.
     */
    private static final int PIECE_BYTES = 8 << 10;

    private Checksum() {}

    /** The checksum of these bytes, by absolute position; the buffer's own position and limit do not matter and stay. */
    static int of(ByteBuffer buffer, int from, int length) {
        CRC32C crc = new CRC32C();
        ByteBuffer bytes = buffer.duplicate().clear();
        int end = from + length;
        int at = from;
        while (at < end) {
            int to = at + Math.min(PIECE_BYTES, end - at);
            crc.update(bytes.limit(to).position(at));
            at = to;
        }
        return (int) crc.getValue();
    }
}
