package io.jangada.testkit.lab;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One direction of a connection: whoever holds it can call the one server that it leads to. */
public final class ClientEnd {
    /** No server of the trace: a client, or nobody. */
    public static final int NO_SERVER = -1;

    private final LabNetwork network;
    private final String name;
    private final int from;
    private final int to;

    ClientEnd(LabNetwork network, String name, int from, int to) {
        this.network = network;
        this.name = name;
        this.from = from;
        this.to = to;
    }

    /** Calls the server; empty if no reply has arrived, whatever the reason, and whether the request has been carried out or not. */
    public CompletableFuture<Optional<Rpc>> call(Rpc request) {
        return network.call(this, request);
    }

    /** The network that it belongs to. */
    public LabNetwork network() {
        return network;
    }

    /** The name of this end. */
    public String name() {
        return name;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }
}
