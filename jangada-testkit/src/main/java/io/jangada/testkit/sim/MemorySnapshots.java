package io.jangada.testkit.sim;

import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.testkit.check.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store of snapshots in memory that loses nothing, for one node. */
final class MemorySnapshots implements SnapshotStore {
    private record Kept(SnapshotMeta meta, byte[] content) {}

    private @Nullable Kept newest;
    private @Nullable SnapshotMeta arriving;
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();

    @Override
    public Optional<SnapshotMeta> newest() {
        return newest == null ? Optional.empty() : Optional.of(newest.meta);
    }

    @Override
    public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        state.writeTo(out);
        byte[] content = out.toByteArray();
        SnapshotMeta meta = new SnapshotMeta(index, term, membership, content.length, Digest.of(content));
        keep(new Kept(meta, content));
        return meta;
    }

    private void keep(Kept kept) {
        if (newest == null || newest.meta.index() < kept.meta.index()) {
            newest = kept;
        }
    }

    @Override
    public byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) {
        if (newest == null || !newest.meta.equals(snapshot) || offset >= newest.content.length) {
            return new byte[0];
        }
        int from = (int) offset;
        return Arrays.copyOfRange(newest.content, from, Math.min(newest.content.length, from + maxBytes));
    }

    @Override
    public Staged stage(SnapshotRequest piece) {
        if (!piece.snapshot().equals(arriving)) {
            arriving = piece.snapshot();
            pieces.reset();
        }
        if (piece.offset() == pieces.size()) {
            pieces.writeBytes(piece.chunk());
        }
        if (pieces.size() < piece.snapshot().sizeBytes()) {
            return new Staged(SnapshotOutcome.WANTS_MORE, pieces.size());
        }
        byte[] content = pieces.toByteArray();
        arriving = null;
        pieces.reset();
        if (Digest.of(content) != piece.snapshot().fingerprint()) {
            return new Staged(SnapshotOutcome.REJECTED, 0);
        }
        keep(new Kept(piece.snapshot(), content));
        return new Staged(SnapshotOutcome.INSTALLED, content.length);
    }

    @Override
    public InputStream open(SnapshotMeta snapshot) throws IOException {
        if (newest == null || !newest.meta.equals(snapshot)) {
            throw new IOException("no snapshot " + snapshot);
        }
        return new ByteArrayInputStream(newest.content);
    }

    @Override
    public void close() {}
}
