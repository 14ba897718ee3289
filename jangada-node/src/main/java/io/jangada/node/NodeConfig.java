package io.jangada.node;

import io.jangada.api.GroupId;
import io.jangada.core.config.RaftConfig;
import java.time.Duration;

/**
 * What one node is started with.
 *
 * @param raft the protocol's part
 * @param group the group among those that share a transport
 * @param requestTimeout how long a request may wait before it ends with an unknown outcome (proposals) or a time-out (reads)
 * @param inboxCapacity how many client requests and messages may wait; more are refused or dropped
 * @param maxUnappliedEntries how far the state machine may lag behind before proposals are refused
 * @param snapshots when snapshots are taken
 */
public record NodeConfig(
        RaftConfig raft,
        GroupId group,
        Duration requestTimeout,
        int inboxCapacity,
        int maxUnappliedEntries,
        SnapshotPolicy snapshots) {

    public NodeConfig {
        if (requestTimeout.isNegative() || requestTimeout.isZero()) {
            throw new IllegalArgumentException("requestTimeout is " + requestTimeout + "; it must be positive");
        }
        if (inboxCapacity < 16) {
            throw new IllegalArgumentException("inboxCapacity is " + inboxCapacity + "; it must be at least 16");
        }
        if (maxUnappliedEntries < 1) {
            throw new IllegalArgumentException(
                    "maxUnappliedEntries is " + maxUnappliedEntries + "; it must be at least 1");
        }
    }

    /** A configuration with the default policy for snapshots. */
    public NodeConfig(
            RaftConfig raft, GroupId group, Duration requestTimeout, int inboxCapacity, int maxUnappliedEntries) {
        this(raft, group, requestTimeout, inboxCapacity, maxUnappliedEntries, SnapshotPolicy.DEFAULT);
    }

    /** The defaults: 5 s for a request, 65,536 places in the inbox, 50,000 entries of lag, snapshots as {@link SnapshotPolicy#DEFAULT} says. */
    public static NodeConfig of(RaftConfig raft) {
        return new NodeConfig(raft, GroupId.FIRST, Duration.ofSeconds(5), 1 << 16, 50_000);
    }

    /** The same for another of the groups that share a transport. */
    public NodeConfig withGroup(GroupId other) {
        return new NodeConfig(raft, other, requestTimeout, inboxCapacity, maxUnappliedEntries, snapshots);
    }

    /** The same with another time for requests. */
    public NodeConfig withRequestTimeout(Duration timeout) {
        return new NodeConfig(raft, group, timeout, inboxCapacity, maxUnappliedEntries, snapshots);
    }

    /** The same with another policy for snapshots. */
    public NodeConfig withSnapshots(SnapshotPolicy policy) {
        return new NodeConfig(raft, group, requestTimeout, inboxCapacity, maxUnappliedEntries, policy);
    }
}
