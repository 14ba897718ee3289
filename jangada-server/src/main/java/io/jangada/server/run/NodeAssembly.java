package io.jangada.server.run;

import io.jangada.Jangada;
import io.jangada.api.RaftNode;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.member.Identity;
import io.jangada.server.member.MemberAddress;
import java.io.IOException;
import java.nio.file.Path;

/** Starts the replicated node of a server; the one place of this module that builds one. */
final class NodeAssembly {

    private NodeAssembly() {}

    static RaftNode<KvResponse> start(ServerConfig config, Identity identity, Path folder, KeyValueStore store)
            throws IOException {
        Jangada<KvResponse> builder = Jangada.builder(store)
                .cluster(identity.cluster())
                .self(identity.self(), config.listenPeerUrl().authority())
                .directory(folder)
                .timing(config.timing())
                .requestTimeout(config.limits().requestTimeout());
        Membership initial = identity.initial();
        for (NodeId member : initial.members()) {
            if (!member.equals(identity.self())) {
                MemberAddress address =
                        MemberAddress.parse(initial.infoOf(member).address());
                builder.peer(member, address.peerUrls().get(0).authority());
            }
        }
        return builder.start();
    }
}
