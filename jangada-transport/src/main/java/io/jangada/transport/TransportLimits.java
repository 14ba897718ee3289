package io.jangada.transport;

import io.jangada.core.config.Limits;
import io.jangada.core.config.SnapshotLimits;

/**
 * What a transport may hold at most.
 *
 * @param maxFrameBytes the largest message on the wire, all overhead included; must be the same on all nodes of a cluster, because a larger
 *     one ends the connection at the receiver
 * @param maxQueueBytesPerPeer messages waiting for one peer's connection, in encoded bytes; what does not fit is dropped
 * @param maxBulkQueueBytesPerPeer the same for the connection that carries snapshots, and as much again while it is being opened
 * @param maxPendingHandshakes incoming connections that have not said yet who they are; more are closed at once
 * @param maxUnknownPeers nodes that are no members and have greeted or said something lately; more are refused
 */
public record TransportLimits(
        int maxFrameBytes,
        long maxQueueBytesPerPeer,
        long maxBulkQueueBytesPerPeer,
        int maxPendingHandshakes,
        int maxUnknownPeers) {

    /** Right for {@link Limits#DEFAULT}. */
    public static final TransportLimits DEFAULT = fitting(Limits.DEFAULT);

    private static final int FRAME_OVERHEAD_BYTES = 4_096;
    private static final long DEFAULT_QUEUE_BYTES = 32L << 20;
    private static final long DEFAULT_BULK_QUEUE_BYTES = 8L << 20;
    private static final int DEFAULT_UNKNOWN_PEERS = 64;

    public TransportLimits {
        if (maxFrameBytes < 1_024 || maxFrameBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    "maxFrameBytes is " + maxFrameBytes + "; it must be from 1,024 to 1,073,741,824");
        }
        if (maxQueueBytesPerPeer < maxFrameBytes) {
            throw new IllegalArgumentException("maxQueueBytesPerPeer is " + maxQueueBytesPerPeer
                    + "; it must hold at least one frame of maxFrameBytes, " + maxFrameBytes);
        }
        if (maxBulkQueueBytesPerPeer < maxFrameBytes) {
            throw new IllegalArgumentException("maxBulkQueueBytesPerPeer is " + maxBulkQueueBytesPerPeer
                    + "; it must hold at least one frame of maxFrameBytes, " + maxFrameBytes);
        }
        if (maxUnknownPeers < 1) {
            throw new IllegalArgumentException("maxUnknownPeers is " + maxUnknownPeers + "; it must be at least 1");
        }
        if (maxPendingHandshakes < 1) {
            throw new IllegalArgumentException(
                    "maxPendingHandshakes is " + maxPendingHandshakes + "; it must be at least 1");
        }
    }

    /** With the usual limits for snapshots and unknown nodes. */
    public TransportLimits(int maxFrameBytes, long maxQueueBytesPerPeer, int maxPendingHandshakes) {
        this(
                maxFrameBytes,
                maxQueueBytesPerPeer,
                Math.max(DEFAULT_BULK_QUEUE_BYTES, maxFrameBytes),
                maxPendingHandshakes,
                DEFAULT_UNKNOWN_PEERS);
    }

    /** As {@link #fitting(Limits, SnapshotLimits)}, with the usual limits of snapshots. */
    public static TransportLimits fitting(Limits limits) {
        return fitting(limits, SnapshotLimits.DEFAULT);
    }

    /**
     * The limits for a core with these limits: a frame holds one full append, or one entry of the largest command, or a piece of a snapshot with the largest membership,
     * twice over, so that limits may be raised node by node.
     */
    public static TransportLimits fitting(Limits limits, SnapshotLimits snapshots) {
        // A membership is an entry of the log, so no larger than a command.
        int entry = Math.max(limits.maxAppendBytes(), limits.maxCommandBytes());
        long largest = 2L * Math.max(entry, snapshots.maxChunkBytes()) + FRAME_OVERHEAD_BYTES;
        int frame = (int) Math.min(largest, 1 << 30);
        return new TransportLimits(frame, Math.max(DEFAULT_QUEUE_BYTES, 4L * frame), 128);
    }
}
