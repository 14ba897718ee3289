package io.jangada.core.scenario;

import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Event;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The snapshots of one node: those that are whole, and one that is arriving in pieces. What is here is durable. */
final class Shelf {

    /** A snapshot and its content, which nobody changes. */
    static final class Snapshot {
        private final SnapshotMeta meta;
        private final byte[] content;

        Snapshot(SnapshotMeta meta, byte[] content) {
            this.meta = meta;
            this.content = content;
        }

        SnapshotMeta meta() {
            return meta;
        }

        byte[] content() {
            return content;
        }
    }

    private final List<Snapshot> whole = new ArrayList<>();
    private @Nullable SnapshotMeta arriving;
    private ByteArrayOutputStream arrived = new ByteArrayOutputStream();

    @Nullable
    Snapshot newest() {
        return whole.isEmpty() ? null : whole.get(whole.size() - 1);
    }

    /** The newest is the one that reaches furthest, whenever it came. */
    private void put(Snapshot snapshot) {
        whole.removeIf(other -> other.meta.index() == snapshot.meta.index());
        whole.add(snapshot);
        whole.sort(Comparator.comparingLong(each -> each.meta.index()));
    }

    SnapshotMeta take(AppliedState state) {
        byte[] content = state.content();
        SnapshotMeta meta =
                new SnapshotMeta(state.index(), state.term(), state.membership(), content.length, fingerprint(content));
        put(new Snapshot(meta, content));
        return meta;
    }

    private static long fingerprint(byte[] content) {
        return Arrays.hashCode(content) & 0xffff_ffffL;
    }

    /** A piece for another node; empty if this snapshot is not here any more. */
    byte[] read(SnapshotMeta wanted, long offset, int maxBytes) {
        for (Snapshot here : whole) {
            if (here.meta.equals(wanted) && offset < here.content.length) {
                long end = Math.min(here.content.length, offset + maxBytes);
                return Arrays.copyOfRange(here.content, (int) offset, (int) end);
            }
        }
        return new byte[0];
    }

    /** Lets go of all but the newest. */
    void forgetOlder() {
        whole.subList(0, Math.max(0, whole.size() - 1)).clear();
    }

    Event.ChunkStaged stage(SnapshotRequest piece) {
        if (!piece.snapshot().equals(arriving)) {
            arriving = piece.snapshot();
            arrived = new ByteArrayOutputStream();
        }
        if (piece.offset() == arrived.size()) {
            arrived.write(piece.chunk(), 0, piece.chunk().length);
        }
        if (arrived.size() < piece.snapshot().sizeBytes()) {
            return new Event.ChunkStaged(piece, SnapshotOutcome.WANTS_MORE, arrived.size());
        }
        byte[] content = arrived.toByteArray();
        arriving = null;
        arrived = new ByteArrayOutputStream();
        if (fingerprint(content) != piece.snapshot().fingerprint()) {
            return new Event.ChunkStaged(piece, SnapshotOutcome.REJECTED, 0);
        }
        put(new Snapshot(piece.snapshot(), content));
        return new Event.ChunkStaged(piece, SnapshotOutcome.INSTALLED, content.length);
    }
}
