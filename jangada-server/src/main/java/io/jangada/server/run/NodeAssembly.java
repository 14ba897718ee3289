package io.jangada.server.run;

import io.jangada.Jangada;
import io.jangada.api.RaftNode;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.model.KvResponse;
import io.jangada.node.SnapshotPolicy;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.member.Identity;
import io.jangada.server.member.MemberAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Starts the replicated node of a server; the one place of this module that builds one. */
final class NodeAssembly {

    private NodeAssembly() {}

    static RaftNode<KvResponse> start(
            ServerConfig config, Identity identity, Path folder, KeyValueStore store, Consumer<String> whenDisowned)
            throws IOException {
        SnapshotLimits limits = SnapshotLimits.DEFAULT;
        return Jangada.builder(store)
                .cluster(identity.cluster())
                .self(identity.self(), config.advertisePeerUrl().authority())
                .listen(config.listenPeerUrl().authority())
                .membership(identity.initial())
                .addressReader(text -> MemberAddress.tryParse(text)
                        .map(address -> address.peerUrls().get(0).authority())
                        .orElse(null))
                .whenDisowned(whenDisowned)
                .directory(folder)
                .timing(config.timing())
                .requestTimeout(config.limits().requestTimeout())
                .snapshots(new SnapshotPolicy(
                        config.storage().count(), config.storage().bytes()))
                .retainedSnapshots(config.storage().retained())
                .diskReserve(config.storage().reserveBytes())
                .snapshotLimits(new SnapshotLimits(
                        config.storage().catchUpEntries(), limits.maxChunkBytes(), limits.bytesPerSecond()))
                .start();
    }
}
