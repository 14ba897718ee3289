package io.jangada.testkit.sim;

import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A store of snapshots that does as it is told; planted bugs override a method. */
abstract class SnapshotsWrapper implements SnapshotStore {
    private final SnapshotStore real;

    SnapshotsWrapper(SnapshotStore real) {
        this.real = real;
    }

    @Override
    public Optional<SnapshotMeta> newest() {
        return real.newest();
    }

    @Override
    public Optional<SnapshotMeta> damaged() {
        return real.damaged();
    }

    @Override
    public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state) throws IOException {
        return real.take(index, term, membership, state);
    }

    @Override
    public byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) throws IOException {
        return real.read(snapshot, offset, maxBytes);
    }

    @Override
    public Staged stage(SnapshotRequest piece) throws IOException {
        return real.stage(piece);
    }

    @Override
    public InputStream open(SnapshotMeta snapshot) throws IOException {
        return real.open(snapshot);
    }

    @Override
    public HeldFiles openFiles(SnapshotMeta snapshot) throws IOException {
        return real.openFiles(snapshot);
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
