package io.jangada.testkit.check;

import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.util.Map;
import java.util.TreeMap;

/** No two nodes apply different commands at one index, nothing is applied that is not committed, and every state is one that the commands give (§5.4.3). */
public final class StateMachineSafety {
    private static final String PROMISE = "StateMachineSafety";

    private final TreeMap<Long, Long> states = new TreeMap<>();

    /** A node applies a command. */
    public void applied(NodeId node, Entry entry, CommittedLedger ledger) {
        requireCommitted(node, "applies entry", entry.index(), ledger);
        Slot committed = ledger.line(entry.index()).slot();
        if (!committed.equals(Slot.of(entry))) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " applies " + Slot.of(entry) + " at index " + entry.index() + ", but committed is "
                            + committed);
        }
    }

    private static void requireCommitted(NodeId node, String what, long index, CommittedLedger ledger) {
        if (index > ledger.last()) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " " + what + " " + index + ", but only " + ledger.last() + " are committed");
        }
    }

    /** A node's state machine has this digest after the command at this index: it must be everybody's. */
    public void state(NodeId node, long index, long digest) {
        Long earlier = states.putIfAbsent(index, digest);
        if (earlier != null && earlier != digest) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " has another state after entry " + index + " than the first node to get there");
        }
    }

    /** A node's state machine has taken a snapshot of this index in place of its state, and has this digest now. */
    public void restored(NodeId node, long index, long digest, CommittedLedger ledger) {
        requireCommitted(node, "restores a snapshot of entry", index, ledger);
        seen(node, index, digest, "after it was restored to entry ");
    }

    /** Somebody reads this node's state; it has applied the commands up to this index, and has this digest. */
    public void seen(NodeId node, long index, long digest, String when) {
        Map.Entry<Long, Long> last = states.floorEntry(index);
        long expected = last == null ? 0 : last.getValue();
        if (expected != digest) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " has a state that the commands do not give, " + when + index
                            + "; the last command before is " + (last == null ? 0 : last.getKey()));
        }
    }
}
