package io.jangada.server.run;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.ClusterId;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.etcd.rpc.Member;
import io.jangada.etcd.rpc.MemberListRequest;
import io.jangada.etcd.rpc.MemberListResponse;
import io.jangada.server.client.ClusterClient;
import io.jangada.server.client.Endpoint;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.member.Identity;
import io.jangada.server.member.IdentityFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who a server is: from its data folder, or at its first start from its configuration, or from the members of the cluster that it joins, which have given it its
 * identity when it was added.
 */
final class FirstStart {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(6);

    private final ServerConfig config;

    private FirstStart(ServerConfig config) {
        this.config = config;
    }

    /** The identity, which the folder holds from now on. Throws {@link StartException} if there is none to be had. */
    static Identity identity(ServerConfig config, DataFolder folder) throws IOException {
        IdentityFile file = new IdentityFile(folder.path());
        Optional<Identity> known = file.read();
        if (known.isPresent()) {
            requireSame(config, known.get());
            return known.get();
        }
        boolean old = Files.exists(folder.log());
        Identity identity = config.joins() && !old ? new FirstStart(config).ask() : Identity.ofFounder(config);
        file.write(identity);
        return identity;
    }

    /** A folder taken for that of another member is the one mistake that an identity cannot survive. */
    private static void requireSame(ServerConfig config, Identity known) {
        if (!known.name().equals(config.name())) {
            throw new StartException("the data folder " + config.dataDir() + " (--data-dir) belongs to the member '"
                    + known.name() + "', and this is '" + config.name() + "' (--name); give each its own");
        }
        if (!known.token().equals(config.clusterToken())) {
            throw new StartException(
                    "the data folder " + config.dataDir() + " (--data-dir) belongs to the cluster with the token '"
                            + known.token() + "', not '" + config.clusterToken()
                            + "' (--initial-cluster-token); a new cluster needs an empty folder");
        }
    }

    private Identity ask() {
        if (config.join().isEmpty()) {
            throw new StartException("member '" + config.name()
                    + "' is to join a running cluster (--initial-cluster-state existing) and must ask it who it is: give client URLs of"
                    + " running members with --join, for example --join http://127.0.0.1:2379");
        }
        List<String> problems = new ArrayList<>();
        for (HttpUrl url : config.join()) {
            try {
                MemberListResponse list = Endpoint.parse(url.authority(), ASK_LIMIT)
                        .cluster()
                        .memberList(MemberListRequest.newBuilder()
                                .setLinearizable(true)
                                .build());
                return findSelf(list);
            } catch (StatusRuntimeException e) {
                problems.add(url + ": " + explain(e));
            }
        }
        throw new StartException("no member answered when this one asked who it is (--join): "
                + String.join("; ", problems) + "; name running members with a leader");
    }

    private static String explain(StatusRuntimeException e) {
        if (ClusterClient.neverSent(e)) {
            return "no server there";
        }
        Status status = e.getStatus();
        return status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    }

    private Identity findSelf(MemberListResponse list) {
        String own = config.advertisePeerUrl().toString();
        Member self = list.getMembersList().stream()
                .filter(member -> member.getPeerURLsList().contains(own))
                .findFirst()
                .orElseThrow(() -> new StartException("the cluster has no member that is reached at " + own
                        + " (--initial-advertise-peer-urls, or --listen-peer-urls); add it first: jangada member add "
                        + config.name() + " --peer-url " + own));
        if (!self.getName().isEmpty() && !self.getName().equals(config.name())) {
            throw new StartException("the member that is reached at " + own + " is '" + self.getName()
                    + "', and this is '" + config.name() + "' (--name)");
        }
        if (self.getClientURLsCount() > 0) {
            throw new StartException("member '" + config.name() + "' ("
                    + Long.toHexString(self.getID())
                    + ") has run before with another data folder, and its votes and promises are gone with that one. Remove it (jangada"
                    + " member remove " + config.name()
                    + "), add it under a new name (jangada member add), and start it again");
        }
        return new Identity(
                new ClusterId(list.getHeader().getClusterId()),
                NodeId.of(self.getID()),
                config.name(),
                config.clusterToken(),
                Membership.NONE);
    }
}
