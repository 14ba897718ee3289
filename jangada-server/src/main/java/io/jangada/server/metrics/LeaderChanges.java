package io.jangada.server.metrics;

import io.jangada.api.NodeStatus;
import io.jangada.core.model.NodeId;
import java.util.concurrent.atomic.AtomicLong;

/** The number of times that a member has seen another leader than before, the first one included; one that is lost and comes back counts again, as in etcd. */
final class LeaderChanges {
    private final AtomicLong count = new AtomicLong();
    private NodeId last = NodeId.NONE;

    /** The next status; they come in order. */
    synchronized void changed(NodeStatus status) {
        NodeId now = status.raft().leader();
        if (!now.isNone() && !now.equals(last)) {
            count.incrementAndGet();
        }
        last = now;
    }

    long count() {
        return count.get();
    }
}
