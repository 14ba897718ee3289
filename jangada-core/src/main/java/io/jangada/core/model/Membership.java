package io.jangada.core.model;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The nodes of a group. Voters decide; their order here is the order of their identities. */
public record Membership(List<NodeId> voters) {

    public Membership {
        voters = List.copyOf(new TreeSet<>(voters));
        if (voters.isEmpty()) {
            throw new IllegalArgumentException("a group needs at least one voter");
        }
        if (voters.contains(NodeId.NONE)) {
            throw new IllegalArgumentException("node id 0 cannot be a voter");
        }
    }

    public static Membership ofVoters(Collection<NodeId> voters) {
        return new Membership(List.copyOf(voters));
    }

    public static Membership ofVoters(NodeId... voters) {
        return new Membership(List.of(voters));
    }

    public boolean isVoter(NodeId node) {
        return voters.contains(node);
    }

    /** How many voters make a majority. */
    public int majority() {
        return voters.size() / 2 + 1;
    }
}
