package io.jangada.api.spi;

import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one encoding of an entry, the same on disk and on the wire, so that it is encoded by one piece of code wherever it goes.
 *
 * <pre>
 *   offset  size  field
 *        0     4  payload length in bytes, unsigned, at most 2^31 - 1
 *        4     1  type, {@link EntryType#code()}
 *        5     8  term, at least 1
 *       13     8  index, at least 1
 *       21     n  payload
 * </pre>
 *
 * All numbers are big endian. There is no checksum in here: the record or the frame around it has one. Stateless; any thread.
 */
public final class EntryCodec {

    /** The size in bytes of what precedes the payload. */
    public static final int HEADER_BYTES = 21;

    private static final int TYPE_AT = 4;
    private static final int TERM_AT = 5;
    private static final int INDEX_AT = 13;

    private EntryCodec() {}

    /** The size of the entry's encoding in bytes. Throws {@link ArithmeticException} if that is more than an array can hold. */
    public static int encodedSize(Entry entry) {
        return Math.addExact(HEADER_BYTES, entry.payload().length);
    }

    /**
     * Writes the entry at the target's position and moves the position past it.
     *
     * @throws BufferOverflowException if less than {@link #encodedSize} bytes remain; nothing is written then
     */
    public static void encode(Entry entry, ByteBuffer target) {
        if (target.remaining() < encodedSize(entry)) {
            throw new BufferOverflowException();
        }
        encodeHeader(entry, target);
        target.put(entry.payload());
    }

    /** Writes only the {@link #HEADER_BYTES} before the payload, for senders that pass the payload on without a copy. */
    public static void encodeHeader(Entry entry, ByteBuffer target) {
        requireBigEndian(target);
        if (target.remaining() < HEADER_BYTES) {
            throw new BufferOverflowException();
        }
        int at = target.position();
        target.putInt(at, entry.payload().length);
        target.put(at + TYPE_AT, (byte) entry.type().code());
        target.putLong(at + TERM_AT, entry.term());
        target.putLong(at + INDEX_AT, entry.index());
        target.position(at + HEADER_BYTES);
    }

    /**
     * Reads the entry at the source's position and moves the position past it. Allocates nothing before the length is known to fit
     * into what remains of the source (trap 43).
     *
     * @throws EntryFormatException if the bytes are no entry; the position is where it was
     */
    public static Entry decode(ByteBuffer source) throws EntryFormatException {
        int at = source.position();
        int size = sizeAt(source, at);
        EntryType type = typeOf(source.get(at + TYPE_AT));
        long term = source.getLong(at + TERM_AT);
        long index = source.getLong(at + INDEX_AT);
        if (term < 1 || index < 1) {
            throw new EntryFormatException("entry with term " + term + " and index " + index + "; both start at 1");
        }
        byte[] payload = new byte[size - HEADER_BYTES];
        source.get(at + HEADER_BYTES, payload);
        source.position(at + size);
        return new Entry(index, term, type, payload);
    }

    /**
     * The size in bytes of the encoding that begins at this absolute position, checked to lie within the source's limit.
     *
     * @throws EntryFormatException if it does not
     */
    public static int sizeAt(ByteBuffer source, int position) throws EntryFormatException {
        requireBigEndian(source);
        long remaining = (long) source.limit() - position;
        if (remaining < HEADER_BYTES) {
            throw new EntryFormatException(
                    "entry cut short: " + remaining + " bytes where its header needs " + HEADER_BYTES);
        }
        long length = Integer.toUnsignedLong(source.getInt(position));
        if (length > remaining - HEADER_BYTES) {
            throw new EntryFormatException("entry claims " + length + " bytes of payload where "
                    + (remaining - HEADER_BYTES) + " bytes remain");
        }
        return (int) (HEADER_BYTES + length);
    }

    /** The term of the encoding that begins at this absolute position, without decoding the rest. */
    public static long termAt(ByteBuffer source, int position) {
        return source.getLong(position + TERM_AT);
    }

    /** The index of the encoding that begins at this absolute position, without decoding the rest. */
    public static long indexAt(ByteBuffer source, int position) {
        return source.getLong(position + INDEX_AT);
    }

    private static EntryType typeOf(int code) throws EntryFormatException {
        try {
            return EntryType.ofCode(code);
        } catch (IllegalArgumentException e) {
            EntryFormatException unknown =
                    new EntryFormatException("entry type " + code + " is not known to this version");
            unknown.initCause(e);
            throw unknown;
        }
    }

    private static void requireBigEndian(ByteBuffer buffer) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("entries are big endian; the buffer is " + buffer.order());
        }
    }
}
