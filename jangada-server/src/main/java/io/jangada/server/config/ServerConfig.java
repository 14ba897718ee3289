package io.jangada.server.config;

import io.jangada.core.config.Timing;
import java.nio.file.Path;
import java.util.List;

/**
 * The checked configuration of one server.
 *
 * @param listenClientUrls where it listens for clients
 * @param listenPeerUrl where it listens for the other members
 * @param members all members, itself included
 */
public record ServerConfig(
        String name,
        Path dataDir,
        List<HttpUrl> listenClientUrls,
        HttpUrl listenPeerUrl,
        List<MemberPlan> members,
        String clusterToken,
        Timing timing,
        ServerLimits limits) {}
