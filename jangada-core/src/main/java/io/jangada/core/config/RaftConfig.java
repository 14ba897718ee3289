package io.jangada.core.config;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;

/**
 * What one core is started with.
 *
 * @param self this node; must be a voter of {@code membership}
 * @param membership the voters of the group, the same on every node
 * @param forwardProposals whether a follower hands proposals on to the leader instead of refusing them
 */
public record RaftConfig(NodeId self, Membership membership, Timing timing, Limits limits, boolean forwardProposals) {

    public RaftConfig {
        if (!membership.isVoter(self)) {
            throw new IllegalArgumentException("node " + self + " is not one of the voters " + membership.voters());
        }
    }

    /** A configuration with the default timing and limits, which hands proposals on. */
    public static RaftConfig of(NodeId self, Membership membership) {
        return new RaftConfig(self, membership, Timing.DEFAULT, Limits.DEFAULT, true);
    }
}
