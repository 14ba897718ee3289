package io.jangada.server.run;

import io.jangada.Jangada;
import io.jangada.api.RaftNode;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.member.Member;
import io.jangada.server.member.Roster;
import java.io.IOException;
import java.nio.file.Path;

/** Starts the replicated node of a server; the one place of this module that builds one. */
final class NodeAssembly {

    private NodeAssembly() {}

    static RaftNode<KvResponse> start(ServerConfig config, Roster roster, Path folder, KeyValueStore store)
            throws IOException {
        Jangada<KvResponse> builder = Jangada.builder(store)
                .cluster(roster.cluster())
                .self(roster.self().id(), config.listenPeerUrl().authority())
                .directory(folder)
                .timing(config.timing())
                .requestTimeout(config.limits().requestTimeout());
        for (Member member : roster.members()) {
            if (!member.equals(roster.self())) {
                builder.peer(member.id(), member.peerUrl().authority());
            }
        }
        return builder.start();
    }
}
