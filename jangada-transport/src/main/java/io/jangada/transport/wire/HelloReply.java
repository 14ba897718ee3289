package io.jangada.transport.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The answer to a {@link Hello}. Its layout is the same in every version, so that a node of any version can say why it refuses.
 *
 * @param version the version the responder speaks
 * @param code {@link #ACCEPTED}, or the code of a {@link RefusalReason}, maybe one that this version does not know
 * @param incarnation the data folder of the responder, 0 if it does not say, as in a refusal
 * @param text what an operator should know about a refusal; cut to {@link #MAX_TEXT_BYTES}
 */
public record HelloReply(int version, int code, long incarnation, String text) {

    /** The code of an accepted connection. */
    public static final int ACCEPTED = 0;

    /** The size of a reply without text in bytes. */
    public static final int MIN_BYTES = 20;

    /** The longest text in bytes. */
    public static final int MAX_TEXT_BYTES = 500;

    /** The size of the longest reply in bytes. */
    public static final int MAX_BYTES = MIN_BYTES + MAX_TEXT_BYTES;

    private static final int INCARNATION_AT = 8;
    private static final int TEXT_AT = 16;

    public static HelloReply accepted(long incarnation) {
        return new HelloReply(Protocol.VERSION, ACCEPTED, incarnation, "");
    }

    public static HelloReply refused(RefusalReason reason, String text) {
        return new HelloReply(Protocol.VERSION, reason.code(), 0, text);
    }

    public boolean isAccepted() {
        return code == ACCEPTED;
    }

    /** The reply as bytes. */
    public byte[] encode() {
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        byte[] cut = whole.length <= MAX_TEXT_BYTES ? whole : Arrays.copyOf(whole, MAX_TEXT_BYTES);
        ByteBuffer target = ByteBuffer.allocate(MIN_BYTES + cut.length);
        target.putInt(Protocol.MAGIC);
        target.put((byte) version);
        target.put((byte) code);
        target.putShort((short) cut.length);
        target.putLong(incarnation);
        target.put(cut);
        target.putInt(Protocol.checksum(target, 0, TEXT_AT + cut.length));
        return target.array();
    }

    /**
     * The size of the reply that begins at the source's position, of which at least {@link #MIN_BYTES} bytes are there.
     *
     * @throws MalformedFrameException if it is no reply
     */
    public static int sizeOf(ByteBuffer source) throws MalformedFrameException {
        int at = source.position();
        int magic = source.getInt(at);
        if (magic != Protocol.MAGIC) {
            throw new MalformedFrameException("first bytes " + Protocol.hex(magic)
                    + " are not the answer of a node; is the peer's address the port of something else?");
        }
        int text = source.getShort(at + 6) & 0xffff;
        if (text > MAX_TEXT_BYTES) {
            throw new MalformedFrameException(
                    "answer with a text of " + text + " bytes; at most " + MAX_TEXT_BYTES + " are allowed");
        }
        return MIN_BYTES + text;
    }

    /**
     * Reads a reply that is there as a whole.
     *
     * @throws MalformedFrameException if it is damaged
     */
    public static HelloReply decode(ByteBuffer source) throws MalformedFrameException {
        int start = source.position();
        int size = sizeOf(source);
        Protocol.requireChecksum("answer", source, start, start + size - Protocol.CHECKSUM_BYTES);
        byte[] text = new byte[size - MIN_BYTES];
        source.get(start + TEXT_AT, text);
        source.position(start + size);
        return new HelloReply(
                source.get(start + 4) & 0xff,
                source.get(start + 5) & 0xff,
                source.getLong(start + INCARNATION_AT),
                new String(text, StandardCharsets.UTF_8));
    }
}
