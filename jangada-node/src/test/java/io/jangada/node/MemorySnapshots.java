package io.jangada.node;

import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest snapshot, in memory, with a store that can be told to fail. */
final class MemorySnapshots implements SnapshotStore {
    private @Nullable SnapshotMeta newest;
    private byte[] content = new byte[0];
    private @Nullable SnapshotMeta arriving;
    private byte[] arrived = new byte[0];
    private @Nullable SnapshotMeta damaged;
    boolean fail;
    /** Whether the newest cannot be read for others; a new one can. */
    boolean unreadable;

    int taken;

    /** Damages the newest snapshot as a restart finds it, so that only its header is left. */
    synchronized void damage() {
        damaged = newest;
        newest = null;
    }

    @Override
    public synchronized Optional<SnapshotMeta> damaged() {
        return Optional.ofNullable(damaged);
    }

    /** Puts a snapshot there as if it had been taken by somebody else. */
    synchronized SnapshotMeta put(long index, long term, MembershipAt membership, byte[] state) {
        SnapshotMeta meta = new SnapshotMeta(index, term, membership, state.length, Arrays.hashCode(state));
        newest = meta;
        content = state.clone();
        return meta;
    }

    @Override
    public synchronized Optional<SnapshotMeta> newest() {
        return Optional.ofNullable(newest);
    }

    @Override
    public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        state.writeTo(out);
        synchronized (this) {
            failIfTold();
            taken++;
            unreadable = false;
            return put(index, term, membership, out.toByteArray());
        }
    }

    private void failIfTold() throws IOException {
        if (fail) {
            throw new IOException("the disk is full");
        }
    }

    @Override
    public synchronized byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) throws IOException {
        failIfTold();
        if (!snapshot.equals(newest)) {
            return new byte[0];
        }
        if (unreadable) {
            newest = null;
            throw new IOException("the sector is gone");
        }
        return Arrays.copyOfRange(content, (int) offset, (int) Math.min(content.length, offset + maxBytes));
    }

    @Override
    public synchronized Staged stage(SnapshotRequest piece) throws IOException {
        failIfTold();
        if (!piece.snapshot().equals(arriving)) {
            arriving = piece.snapshot();
            arrived = new byte[0];
        }
        if (piece.offset() == arrived.length) {
            byte[] longer = Arrays.copyOf(arrived, arrived.length + piece.chunk().length);
            System.arraycopy(piece.chunk(), 0, longer, arrived.length, piece.chunk().length);
            arrived = longer;
        }
        if (arrived.length < piece.snapshot().sizeBytes()) {
            return new Staged(SnapshotOutcome.WANTS_MORE, arrived.length);
        }
        arriving = null;
        if (Arrays.hashCode(arrived) != piece.snapshot().fingerprint()) {
            return new Staged(SnapshotOutcome.REJECTED, 0);
        }
        newest = piece.snapshot();
        content = arrived;
        return new Staged(SnapshotOutcome.INSTALLED, arrived.length);
    }

    @Override
    public synchronized InputStream open(SnapshotMeta snapshot) throws IOException {
        failIfTold();
        if (!snapshot.equals(newest)) {
            throw new IOException("no snapshot " + snapshot);
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public void close() {}
}
