package io.jangada;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.spi.Storage;
import io.jangada.api.spi.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A node together with the log and the connections that were opened for it, and that end with it. */
final class RunningNode<R> implements RaftNode<R> {
    private final RaftNode<R> node;
    private final Transport transport;
    private final Storage storage;

    RunningNode(RaftNode<R> node, Transport transport, Storage storage) {
        this.node = node;
        this.transport = transport;
        this.storage = storage;
    }

    @Override
    public CompletableFuture<R> propose(byte[] command) {
        return node.propose(command);
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
        return node.readBarrier();
    }

    @Override
    public <Q> CompletableFuture<Q> read(Supplier<? extends Q> query) {
        return node.read(query);
    }

    @Override
    public NodeStatus status() {
        return node.status();
    }

    @Override
    public void onStatusChange(Consumer<NodeStatus> listener) {
        node.onStatusChange(listener);
    }

    /** First the threads end, then the connections, then the files are closed. */
    @Override
    public void close() {
        node.close();
        transport.close();
        try {
            storage.close();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the log could not be closed cleanly; it will be checked at the next start", e);
        }
    }
}
