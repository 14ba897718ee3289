package io.jangada;

import io.jangada.api.ForwardingNode;
import io.jangada.api.RaftNode;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.api.spi.Storage;
import io.jangada.api.spi.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A node together with the files and the connections that were opened for it, and that end with it. */
final class RunningNode<R> extends ForwardingNode<R> {
    private final Transport transport;
    private final SnapshotStore snapshots;
    private final Storage storage;

    RunningNode(RaftNode<R> node, Transport transport, SnapshotStore snapshots, Storage storage) {
        super(node);
        this.transport = transport;
        this.snapshots = snapshots;
        this.storage = storage;
    }

    /** First the threads end, then the connections, then the files are closed; the log, which holds the lock of the folder, last. */
    @Override
    public void close() {
        super.close();
        transport.close();
        try {
            try {
                snapshots.close();
            } finally {
                storage.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the data folder could not be closed cleanly; it will be checked at the next start", e);
        }
    }
}
