package io.jangada.testkit.sim;

import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A store of snapshots that tells the checkers what it has made durable. */
final class ObservedSnapshots implements SnapshotStore {
    private final NodeId node;
    private final SnapshotStore store;
    private final SimWorld world;

    ObservedSnapshots(NodeId node, SnapshotStore store, SimWorld world) {
        this.node = node;
        this.store = store;
        this.world = world;
    }

    @Override
    public Optional<SnapshotMeta> newest() {
        return store.newest();
    }

    @Override
    public Optional<SnapshotMeta> damaged() {
        return store.damaged();
    }

    @Override
    public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state) throws IOException {
        SnapshotMeta taken = store.take(index, term, membership, state);
        world.checks().stored(node, taken);
        world.stats().deed(Deed.SNAPSHOT_TAKEN);
        world.trace().on(node, taken.fingerprint(), () -> "snapshot of " + index + " taken");
        return taken;
    }

    @Override
    public byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) throws IOException {
        return store.read(snapshot, offset, maxBytes);
    }

    @Override
    public Staged stage(SnapshotRequest piece) throws IOException {
        Staged staged = store.stage(piece);
        if (piece.chunk().length > 0 && staged.nextOffset() > piece.offset() + piece.chunk().length) {
            world.stats().deed(Deed.SNAPSHOT_FILES_PASSED_OVER);
        }
        if (staged.outcome() == SnapshotOutcome.INSTALLED) {
            world.checks().stored(node, piece.snapshot());
            world.stats().deed(Deed.SNAPSHOT_INSTALLED);
            world.trace()
                    .on(
                            node,
                            piece.snapshot().fingerprint(),
                            () -> "snapshot of " + piece.snapshot().index() + " received");
        }
        return staged;
    }

    @Override
    public InputStream open(SnapshotMeta snapshot) throws IOException {
        return store.open(snapshot);
    }

    @Override
    public HeldFiles openFiles(SnapshotMeta snapshot) throws IOException {
        return store.openFiles(snapshot);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
