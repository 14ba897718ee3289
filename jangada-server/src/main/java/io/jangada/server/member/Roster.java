package io.jangada.server.member;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All members of the cluster as this node knows them now, and which of them it is. Any thread. */
public final class Roster {
    private final ClusterId cluster;
    private final NodeId self;
    private final Supplier<MembershipAt> membership;

    public Roster(ClusterId cluster, NodeId self, Supplier<MembershipAt> membership) {
        this.cluster = cluster;
        this.self = self;
        this.membership = membership;
    }

    public ClusterId cluster() {
        return cluster;
    }

    /** This node. */
    public NodeId self() {
        return self;
    }

    /** The membership in force on this node, committed or not. */
    public MembershipAt membership() {
        return membership.get();
    }

    /** In the order of their identities. */
    public List<Member> members() {
        Membership now = membership().membership();
        return now.members().stream().map(id -> Member.of(id, now)).toList();
    }

    /** The member with this identity. */
    public Optional<Member> find(NodeId id) {
        return members().stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** The name of a member, or its identity if it has told none or is no member. */
    public String nameOf(NodeId id) {
        return find(id).map(Member::name).filter(name -> !name.isEmpty()).orElse(id.toString());
    }

    /** Whether this node has no vote: it learns, or has not been found by the cluster yet. */
    public boolean isLearner() {
        return !membership().membership().isVoter(self);
    }
}
