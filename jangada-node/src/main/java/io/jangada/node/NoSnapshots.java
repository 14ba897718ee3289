package io.jangada.node;

import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The store of a node that was given none: it holds nothing, and its log is kept whole. */
final class NoSnapshots implements SnapshotStore {
    private static final String WHY = "this node was started without a store for snapshots";

    @Override
    public Optional<SnapshotMeta> newest() {
        return Optional.empty();
    }

    @Override
    public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state) throws IOException {
        throw new IOException(WHY);
    }

    @Override
    public byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) throws IOException {
        throw new IOException(WHY);
    }

    @Override
    public Staged stage(SnapshotRequest piece) throws IOException {
        throw new IOException(WHY);
    }

    @Override
    public InputStream open(SnapshotMeta snapshot) throws IOException {
        throw new IOException(WHY);
    }

    @Override
    public void close() {}
}
