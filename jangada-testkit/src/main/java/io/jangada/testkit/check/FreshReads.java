package io.jangada.testkit.check;

import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads that need not be linearizable keep what they promise: not older than was asked for, and on one node never going back. */
public final class FreshReads {
    private static final String PROMISE = "FreshReads";

    /** At each time the highest index of which a client had been told then. */
    private final TreeMap<Long, Long> told = new TreeMap<>();

    private final Map<NodeId, Long> lastSeen = new HashMap<>();

    /** A client was told, at this time, of something that happened at this index. Times never go back. */
    public void told(long timeNanos, long index) {
        if (told.isEmpty() || index > told.lastEntry().getValue()) {
            told.put(timeNanos, index);
        }
    }

    /** A read is answered from a state that has everything up to {@code index}; nothing of which clients had been told before {@code sinceNanos} may be missing. */
    public void notOlderThan(NodeId node, long sinceNanos, long index) {
        Map.Entry<Long, Long> known = told.lowerEntry(sinceNanos);
        if (known != null && known.getValue() > index) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " answers from a state of index " + index + ", but a client was told of index "
                            + known.getValue() + " at " + known.getKey() + ", longer ago than was to be tolerated");
        }
    }

    /** A read of any kind is answered from a state that has everything up to {@code index}. */
    public void seen(NodeId node, long index) {
        Long before = lastSeen.put(node, index);
        if (before != null && before > index) {
            throw new SafetyViolation(
                    PROMISE, "node " + node + " answers from index " + index + " after it has answered from " + before);
        }
    }

    /** A node starts anew and may begin with an older state. */
    public void started(NodeId node) {
        lastSeen.remove(node);
    }
}
