package io.jangada.core.message;

import io.jangada.core.model.NodeId;

/**
 * The answer to a {@link SnapshotRequest}: what the receiver has of the snapshot with this index and fingerprint.
 *
 * @param nextOffset where to go on, with {@link SnapshotOutcome#WANTS_MORE}
 */
public record SnapshotResponse(
        NodeId from,
        NodeId to,
        long term,
        long snapshotIndex,
        long fingerprint,
        SnapshotOutcome outcome,
        long nextOffset)
        implements Message {
    @Override
    public void accept(MessageHandler handler) {
        handler.onSnapshotResponse(this);
    }
}
