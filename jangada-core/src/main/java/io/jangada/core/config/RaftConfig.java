package io.jangada.core.config;

import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;

/**
 * What one core is started with.
 *
 * @param self this node
 * @param membership the membership at index 0, the same on every node that starts the group; {@link Membership#NONE} on one that joins later.
 *     What the log and the snapshot say overrides it
 */
public record RaftConfig(
        NodeId self, Membership membership, Timing timing, Limits limits, SnapshotLimits snapshots, Options options) {
    public RaftConfig {
        if (!membership.isNone() && !membership.isMember(self)) {
            throw new IllegalArgumentException("node " + self + " is not one of the members " + membership.members()
                    + "; a node that is to join an existing group starts without a membership");
        }
    }

    /** A configuration with the default limits for snapshots. */
    public RaftConfig(NodeId self, Membership membership, Timing timing, Limits limits, Options options) {
        this(self, membership, timing, limits, SnapshotLimits.DEFAULT, options);
    }

    /** A configuration with the default timing, limits and options. */
    public static RaftConfig of(NodeId self, Membership membership) {
        return new RaftConfig(
                self, membership, Timing.DEFAULT, Limits.DEFAULT, SnapshotLimits.DEFAULT, Options.DEFAULT);
    }
}
