package io.jangada.transport.wire;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;

/**
 * The greeting of a dialer: who it is, whom it wants, and what for. The first {@link #BYTES} bytes of a connection.
 *
 * @param kindCode the wanted {@link ConnectionKind}, maybe one that this version does not know
 * @param sender the node that dials
 * @param receiver the node that the dialer expects to answer
 */
public record Hello(int kindCode, ClusterId cluster, NodeId sender, NodeId receiver) {

    /** The size of a greeting in bytes. */
    public static final int BYTES = 36;

    private static final int CHECKSUM_AT = BYTES - Protocol.CHECKSUM_BYTES;

    /** Writes the greeting at the target's position. */
    public void encode(ByteBuffer target) {
        int start = target.position();
        target.putInt(Protocol.MAGIC);
        target.put((byte) Protocol.VERSION);
        target.put((byte) kindCode);
        target.putShort((short) 0);
        target.putLong(cluster.value());
        target.putLong(sender.value());
        target.putLong(receiver.value());
        target.putInt(Protocol.checksum(target, start, start + CHECKSUM_AT));
    }

    /**
     * The version in a greeting of which at least {@link Protocol#PREAMBLE_BYTES} bytes are there.
     *
     * @throws MalformedFrameException if what speaks here is no node at all
     */
    public static int versionOf(ByteBuffer source) throws MalformedFrameException {
        int at = source.position();
        int magic = source.getInt(at);
        if (magic != Protocol.MAGIC) {
            throw new MalformedFrameException("first bytes " + Protocol.hex(magic) + printable(magic)
                    + " are not the greeting of a node; this port is for the nodes of a cluster only");
        }
        return source.get(at + 4) & 0xff;
    }

    /**
     * Reads a greeting of this version from the source, of which {@link #BYTES} bytes are there.
     *
     * @throws MalformedFrameException if it is damaged
     */
    public static Hello decode(ByteBuffer source) throws MalformedFrameException {
        int start = source.position();
        Protocol.requireChecksum("greeting", source, start, start + CHECKSUM_AT);
        int kind = source.get(start + 5) & 0xff;
        int reserved = source.getShort(start + 6);
        if (reserved != 0) {
            throw new MalformedFrameException("greeting with " + reserved + " in its reserved field, which must be 0");
        }
        Hello hello = new Hello(
                kind,
                new ClusterId(source.getLong(start + 8)),
                new NodeId(source.getLong(start + 16)),
                new NodeId(source.getLong(start + 24)));
        source.position(start + BYTES);
        return hello;
    }

    private static String printable(int magic) {
        StringBuilder text = new StringBuilder(" (\"");
        for (int shift = 24; shift >= 0; shift -= 8) {
            int character = magic >> shift & 0xff;
            text.append(character >= 0x20 && character < 0x7f ? (char) character : '.');
        }
        return text.append("\")").toString();
    }
}
