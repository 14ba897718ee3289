package io.jangada.core;

import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The snapshots of one node in memory: keeps the newest, and what has arrived of one from elsewhere. Survives crashes. */
final class FakeSnapshots {
    private static final byte[] NOTHING = new byte[0];

    private @Nullable SnapshotMeta newest;
    private byte[] content = NOTHING;
    private @Nullable SnapshotMeta staged;
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();

    /** All are gone. */
    void forget() {
        newest = null;
        content = NOTHING;
        staged = null;
        arrived.reset();
    }

    @Nullable
    SnapshotMeta newest() {
        return newest;
    }

    SnapshotMeta take(long index, long term, MembershipAt membership, byte[] state) {
        SnapshotMeta taken = new SnapshotMeta(index, term, membership, state.length, Arrays.hashCode(state));
        keep(taken, state);
        return taken;
    }

    private void keep(SnapshotMeta snapshot, byte[] state) {
        SnapshotMeta present = newest;
        if (present == null || present.index() < snapshot.index()) {
            newest = snapshot;
            content = state;
        }
    }

    byte[] open(SnapshotMeta snapshot) {
        if (!snapshot.equals(newest)) {
            throw new AssertionError(snapshot + " is to be opened, there is " + newest);
        }
        return content;
    }

    byte[] read(Effects.ReadChunk request) {
        if (!request.snapshot().equals(newest)) {
            return NOTHING;
        }
        int from = (int) request.offset();
        return Arrays.copyOfRange(content, from, Math.min(content.length, from + request.maxBytes()));
    }

    Event.ChunkStaged stage(SnapshotRequest piece) {
        if (!piece.snapshot().equals(staged)) {
            staged = piece.snapshot();
            arrived.reset();
        }
        if (piece.offset() == arrived.size()) {
            arrived.writeBytes(piece.chunk());
        }
        if (arrived.size() < piece.snapshot().sizeBytes()) {
            return new Event.ChunkStaged(piece, SnapshotOutcome.WANTS_MORE, arrived.size());
        }
        byte[] whole = arrived.toByteArray();
        staged = null;
        arrived.reset();
        if (Arrays.hashCode(whole) != piece.snapshot().fingerprint()) {
            return new Event.ChunkStaged(piece, SnapshotOutcome.REJECTED, 0);
        }
        keep(piece.snapshot(), whole);
        return new Event.ChunkStaged(piece, SnapshotOutcome.INSTALLED, whole.length);
    }
}
