package io.jangada.server.api;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.etcd.rpc.ResponseHeader;
import io.jangada.server.member.Roster;

/** Writes the header of every answer: who answers, at which revision of the store and in which term. */
public final class Headers {
    private final Roster roster;
    private final RaftNode<?> node;

    public Headers(Roster roster, RaftNode<?> node) {
        this.roster = roster;
        this.node = node;
    }

    /** A header with a revision; 0 for calls that do not touch the store. */
    ResponseHeader at(long revision) {
        return at(revision, node.status());
    }

    ResponseHeader at(long revision, NodeStatus status) {
        return ResponseHeader.newBuilder()
                .setClusterId(roster.cluster().value())
                .setMemberId(roster.self().value())
                .setRevision(revision)
                .setRaftTerm(status.raft().term())
                .build();
    }
}
