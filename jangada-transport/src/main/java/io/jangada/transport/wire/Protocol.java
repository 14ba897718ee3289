package io.jangada.transport.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The numbers that every part of the peer protocol shares. */
public final class Protocol {

    /** The first four bytes of each connection in each direction: "JNGD". */
    public static final int MAGIC = 0x4A4E4744;

    /** The version of handshake and frames; nodes of one cluster speak the same. */
    public static final int VERSION = 3;

    /** The size of magic and version, which stand first in the handshake of every version, present and future. */
    public static final int PREAMBLE_BYTES = 5;

    static final int CHECKSUM_BYTES = 4;

    private Protocol() {}

    /** The CRC32C of the bytes between two absolute positions. Position and limit of the buffer stay as they are. */
    static int checksum(ByteBuffer buffer, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().limit(to).position(from));
        return (int) crc.getValue();
    }

    static void requireChecksum(String what, ByteBuffer buffer, int from, int to) throws MalformedFrameException {
        int claimed = buffer.getInt(to);
        int actual = checksum(buffer, from, to);
        if (claimed != actual) {
            throw new MalformedFrameException(what + " with checksum " + hex(claimed) + " whose bytes have checksum "
                    + hex(actual) + ": damaged on the way, or not from a node");
        }
    }

    static String hex(int value) {
        return String.format("%08x", value);
    }
}
