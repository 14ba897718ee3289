package io.jangada.testkit.check;

import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;

/** At most one leader in each term (§5.2). */
public final class ElectionSafety {
    private final Map<Long, NodeId> leaders = new HashMap<>();

    /** This node acts as leader of this term. Returns whether that is news. */
    public boolean leads(NodeId node, long term) {
        NodeId known = leaders.putIfAbsent(term, node);
        if (known != null && !known.equals(node)) {
            throw new SafetyViolation("ElectionSafety", "term " + term + " has two leaders, " + known + " and " + node);
        }
        return known == null;
    }

    /** How many terms have had a leader. */
    public int elections() {
        return leaders.size();
    }
}
