package io.jangada.testkit.check;

import io.jangada.core.RaftStatus;
import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;

/** Within one run of a node, term, commit index and applied index never go back, and lie in their order. */
public final class MonotonicProgress {
    private static final String PROMISE = "MonotonicProgress";

    private record Point(long term, long commit, long applied) {}

    private final Map<NodeId, Point> points = new HashMap<>();

    /** A node starts anew, with the term its disk remembers. */
    public void started(NodeId node, long term) {
        points.put(node, new Point(term, 0, 0));
    }

    /** A node shows itself. */
    public void observed(RaftStatus status, long applied) {
        NodeId node = status.self();
        Point now = new Point(status.term(), status.commitIndex(), applied);
        Point before = points.put(node, now);
        if (before != null && (now.term < before.term || now.commit < before.commit || now.applied < before.applied)) {
            throw new SafetyViolation(PROMISE, "node " + node + " went back from " + before + " to " + now);
        }
        if (now.applied > now.commit || now.commit > status.lastIndex()) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " is out of order: applied " + now.applied + ", committed " + now.commit
                            + ", last entry " + status.lastIndex());
        }
    }
}
