package io.jangada.testkit.check;

import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;

/** No two nodes apply different commands at one index, and nothing is applied that is not committed (§5.4.3). */
public final class StateMachineSafety {
    private static final String PROMISE = "StateMachineSafety";

    private final Map<Long, Long> states = new HashMap<>();

    /** A node applies a command. */
    public void applied(NodeId node, Entry entry, CommittedLedger ledger) {
        if (entry.index() > ledger.last()) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " applies entry " + entry.index() + ", but only " + ledger.last()
                            + " are committed");
        }
        Slot committed = ledger.line(entry.index()).slot();
        if (!committed.equals(Slot.of(entry))) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " applies " + Slot.of(entry) + " at index " + entry.index() + ", but committed is "
                            + committed);
        }
    }

    /** A node's state machine has this digest after this index: it must be everybody's. */
    public void state(NodeId node, long index, long digest) {
        Long earlier = states.putIfAbsent(index, digest);
        if (earlier != null && earlier != digest) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " has another state after entry " + index + " than the first node to get there");
        }
    }
}
