package io.jangada.core.message;

import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.util.Arrays;

/**
 * InstallSnapshot (Figure 13): one piece of a snapshot. The piece that reaches the size of the snapshot is the last. An empty piece at offset 0 asks how much
 * of this snapshot the receiver has already. The array is shared, never copied.
 */
public final class SnapshotRequest implements Message {
    private final NodeId from;
    private final NodeId to;
    private final long term;
    private final SnapshotMeta snapshot;
    private final long offset;
    private final byte[] chunk;

    public SnapshotRequest(NodeId from, NodeId to, long term, SnapshotMeta snapshot, long offset, byte[] chunk) {
        this.from = from;
        this.to = to;
        this.term = term;
        this.snapshot = snapshot;
        this.offset = offset;
        this.chunk = chunk;
    }

    @Override
    public NodeId from() {
        return from;
    }

    @Override
    public NodeId to() {
        return to;
    }

    @Override
    public long term() {
        return term;
    }

    public SnapshotMeta snapshot() {
        return snapshot;
    }

    public long offset() {
        return offset;
    }

    /** The piece itself, not a copy. */
    public byte[] chunk() {
        return chunk;
    }

    /** Whether nothing comes after this piece. */
    public boolean last() {
        return offset + chunk.length == snapshot.sizeBytes();
    }

    @Override
    public void accept(MessageHandler handler) {
        handler.onSnapshotRequest(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SnapshotRequest that
                && from.equals(that.from)
                && to.equals(that.to)
                && term == that.term
                && snapshot.equals(that.snapshot)
                && offset == that.offset
                && Arrays.equals(chunk, that.chunk);
    }

    @Override
    public int hashCode() {
        return snapshot.hashCode() * 31 + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return "SnapshotRequest[from=" + from + ", to=" + to + ", term=" + term + ", index=" + snapshot.index()
                + ", offset=" + offset + " of " + snapshot.sizeBytes() + ", " + chunk.length + " B]";
    }
}
