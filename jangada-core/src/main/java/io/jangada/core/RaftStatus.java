package io.jangada.core;

import io.jangada.core.model.Damage;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;

/**
 * An immutable picture of a core, for metrics, tests and the simulator. {@code leader} is {@link NodeId#NONE} while none is known,
 * {@code membership} the one in force, committed or not, {@code damage} what is missing since the disk was damaged.
 */
public record RaftStatus(
        NodeId self,
        RoleName role,
        long term,
        NodeId leader,
        long firstIndex,
        long lastIndex,
        long persistedIndex,
        long commitIndex,
        long snapshotIndex,
        MembershipAt membership,
        Damage damage) {

    public boolean leads() {
        return role == RoleName.LEADER;
    }
}
