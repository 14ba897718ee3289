package io.jangada.transport;

import io.jangada.core.config.Limits;

/**
 * What a transport may hold at most.
 *
 * @param maxFrameBytes the largest message on the wire, all overhead included; must be the same on all nodes of a cluster, because a larger
 *     one ends the connection at the receiver
 * @param maxQueueBytesPerPeer messages waiting for one peer's connection, in encoded bytes; what does not fit is dropped
 * @param maxPendingHandshakes incoming connections that have not said yet who they are; more are closed at once
 */
public record TransportLimits(int maxFrameBytes, long maxQueueBytesPerPeer, int maxPendingHandshakes) {

    /** Right for {@link Limits#DEFAULT}. */
    public static final TransportLimits DEFAULT = fitting(Limits.DEFAULT);

    private static final int FRAME_OVERHEAD_BYTES = 4_096;
    private static final long DEFAULT_QUEUE_BYTES = 32L << 20;

    public TransportLimits {
        if (maxFrameBytes < 1_024 || maxFrameBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    "maxFrameBytes is " + maxFrameBytes + "; it must be from 1,024 to 1,073,741,824");
        }
        if (maxQueueBytesPerPeer < maxFrameBytes) {
            throw new IllegalArgumentException("maxQueueBytesPerPeer is " + maxQueueBytesPerPeer
                    + "; it must hold at least one frame of maxFrameBytes, " + maxFrameBytes);
        }
        if (maxPendingHandshakes < 1) {
            throw new IllegalArgumentException(
                    "maxPendingHandshakes is " + maxPendingHandshakes + "; it must be at least 1");
        }
    }

    /**
     * The limits for a core with these limits: a frame holds one full append or one entry of the largest command, twice over, so that limits
     * may be raised node by node.
     */
    public static TransportLimits fitting(Limits limits) {
        long largest = 2L * Math.max(limits.maxAppendBytes(), limits.maxCommandBytes()) + FRAME_OVERHEAD_BYTES;
        int frame = (int) Math.min(largest, 1 << 30);
        return new TransportLimits(frame, Math.max(DEFAULT_QUEUE_BYTES, 4L * frame), 128);
    }
}
