package io.jangada.server.api;

import io.jangada.api.RaftNode;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.config.ServerLimits;
import io.jangada.server.gateway.LeaderWatch;
import io.jangada.server.gateway.MembershipGateway;
import io.jangada.server.gateway.RequestGateway;
import io.jangada.server.member.Roster;
import java.util.concurrent.Executor;

/** What the services stand on: the node, its store, and the ways to both. */
public record Backend(
        RaftNode<KvResponse> node,
        KeyValueStore store,
        Roster roster,
        LeaderWatch watch,
        RequestGateway<KvResponse> gateway,
        MembershipGateway membership,
        Executor readPool,
        ServerLimits limits) {}
