package io.jangada.testkit.lab;

import java.util.function.Consumer;

/** A server's end of the network. */
@FunctionalInterface
public interface RpcHandler {

    /** Takes a request of this server, or of {@link ClientEnd#NO_SERVER}; gives the reply now or later, at most once, on any thread. Must not block. Called on any thread. */
    void handle(int from, Rpc request, Consumer<Rpc> reply);
}
