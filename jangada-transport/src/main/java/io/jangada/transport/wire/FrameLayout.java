package io.jangada.transport.wire;

/** Where the common fields of a frame stand. */
public final class FrameLayout {

    /** The size of the length field, which counts what follows it. */
    public static final int LENGTH_BYTES = 4;

    static final int VERSION_AT = 4;
    static final int TYPE_AT = 5;
    static final int GROUP_AT = 6;
    static final int FROM_AT = 14;
    static final int TO_AT = 22;
    static final int TERM_AT = 30;
    static final int BODY_AT = 38;

    /** What a frame has besides the body that its message type defines: the common fields and the checksum. */
    public static final int OVERHEAD_BYTES = BODY_AT + Protocol.CHECKSUM_BYTES;

    private FrameLayout() {}

    /**
     * The size of a whole frame by its length field, checked before anything is allocated for it (trap 43).
     *
     * @throws MalformedFrameException if no frame can have this length, or none that is allowed here
     */
    public static int sizeOf(int lengthField, int maxFrameBytes) throws MalformedFrameException {
        long size = Integer.toUnsignedLong(lengthField) + LENGTH_BYTES;
        if (size > maxFrameBytes) {
            throw new MalformedFrameException("frame of " + size + " bytes; at most " + maxFrameBytes
                    + " are allowed (maxFrameBytes, which must be the same on all nodes)");
        }
        if (size < OVERHEAD_BYTES) {
            throw new MalformedFrameException(
                    "frame of " + size + " bytes; the smallest possible one has " + OVERHEAD_BYTES);
        }
        return (int) size;
    }
}
