package io.jangada.server.config;

import io.jangada.core.config.Timing;
import java.nio.file.Path;
import java.util.List;

/**
 * The checked configuration of one server.
 *
 * @param listenClientUrls where it listens for clients
 * @param advertiseClientUrls where clients reach it, as member lists tell
 * @param listenPeerUrl where it listens for the other members
 * @param advertisePeerUrl where the other members reach it
 * @param joins whether an empty folder means that this member joins a cluster that runs
 * @param members the members that start the cluster, itself included; of a member that joins, whatever was given
 * @param join client URLs of running members, to ask for the membership
 */
public record ServerConfig(
        String name,
        Path dataDir,
        List<HttpUrl> listenClientUrls,
        List<HttpUrl> advertiseClientUrls,
        HttpUrl listenPeerUrl,
        HttpUrl advertisePeerUrl,
        boolean joins,
        List<MemberPlan> members,
        List<HttpUrl> join,
        String clusterToken,
        Timing timing,
        ServerLimits limits,
        StorageSettings storage) {}
