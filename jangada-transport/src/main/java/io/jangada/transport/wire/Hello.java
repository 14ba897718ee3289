package io.jangada.transport.wire;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The greeting of a dialer: who it is, whom it wants, and what for. The first bytes of a connection.
 *
 * @param kindCode the wanted {@link ConnectionKind}, maybe one that this version does not know
 * @param sender the node that dials
 * @param receiver the node that the dialer expects to answer
 * @param incarnation the data folder of the dialer; 0 if it does not say
 * @param address where the dialer can be reached, "host:port", for a responder that knows it from nowhere else; empty if it does not say
 */
public record Hello(int kindCode, ClusterId cluster, NodeId sender, NodeId receiver, long incarnation, String address) {

    /** The size of a greeting without an address in bytes. */
    public static final int MIN_BYTES = 44;

    /** The longest address in bytes: the longest host name, a port, and brackets. */
    public static final int MAX_ADDRESS_BYTES = 300;

    private static final int ADDRESS_LENGTH_AT = 6;
    private static final int ADDRESS_AT = 40;

    /** The greeting as bytes. Throws {@link IllegalArgumentException} if the address is longer than {@link #MAX_ADDRESS_BYTES}. */
    public byte[] encode() {
        byte[] text = address.getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_ADDRESS_BYTES) {
            throw new IllegalArgumentException("the address of this node for its peers has " + text.length
                    + " bytes; at most " + MAX_ADDRESS_BYTES + " are possible");
        }
        ByteBuffer target = ByteBuffer.allocate(MIN_BYTES + text.length);
        target.putInt(Protocol.MAGIC);
        target.put((byte) Protocol.VERSION);
        target.put((byte) kindCode);
        target.putShort((short) text.length);
        target.putLong(cluster.value());
        target.putLong(sender.value());
        target.putLong(receiver.value());
        target.putLong(incarnation);
        target.put(text);
        target.putInt(Protocol.checksum(target, 0, ADDRESS_AT + text.length));
        return target.array();
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
     * The size of the greeting of this version at the source's position, of which at least {@link #MIN_BYTES} bytes are there.
     *
     * @throws MalformedFrameException if it claims an address that is too long
     */
    public static int sizeOf(ByteBuffer source) throws MalformedFrameException {
        int length = source.getShort(source.position() + ADDRESS_LENGTH_AT) & 0xffff;
        if (length > MAX_ADDRESS_BYTES) {
            throw new MalformedFrameException(
                    "greeting with an address of " + length + " bytes; at most " + MAX_ADDRESS_BYTES + " are allowed");
        }
        return MIN_BYTES + length;
    }

    /**
     * Reads a greeting of this version that is there as a whole.
     *
     * @throws MalformedFrameException if it is damaged
     */
    public static Hello decode(ByteBuffer source) throws MalformedFrameException {
        int start = source.position();
        int size = sizeOf(source);
        Protocol.requireChecksum("greeting", source, start, start + size - Protocol.CHECKSUM_BYTES);
        byte[] text = new byte[size - MIN_BYTES];
        source.get(start + ADDRESS_AT, text);
        source.position(start + size);
        return new Hello(
                source.get(start + 5) & 0xff,
                new ClusterId(source.getLong(start + 8)),
                new NodeId(source.getLong(start + 16)),
                new NodeId(source.getLong(start + 24)),
                source.getLong(start + 32),
                new String(text, StandardCharsets.UTF_8));
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
