package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;

/** Whose log a folder holds: written into it when it is created and checked each time it is opened. */
public record LogIdentity(ClusterId cluster, NodeId node) {

    public LogIdentity {
        if (node.isNone()) {
            throw new IllegalArgumentException("node id 0 cannot own a log; choose another number");
        }
    }

    @Override
    public String toString() {
        return "node " + node + " of cluster " + cluster;
    }
}
