package io.jangada.testkit.lab;

import java.util.function.Consumer;

/** What runs on top of one server's Raft, from one start to the next crash. */
public interface LabService {

    /** What Raft has to tell, one message after the other. Must not block; may call Raft. */
    void accept(ApplyMsg message);

    /** The Raft below is there: called once, before the first message. */
    void attached(LabRaft raft);

    /** A request of a client. Must not block. */
    default void handle(Rpc request, Consumer<Rpc> reply) {
        throw new IllegalArgumentException("this service has no clients, yet one calls: " + request.kind());
    }

    /** The server has crashed; nothing of it may have an effect any more. */
    default void killed() {}

    /** Makes the service of a server at each of its starts. */
    @FunctionalInterface
    interface Factory {
        /** A service that has restored itself from the snapshot that the persister holds, if any. */
        LabService start(int server, Persister persister);
    }
}
