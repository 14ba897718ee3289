package io.jangada.testkit.check;

import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Snapshots are of committed entries, name the right membership, outlive crashes unless the disk decays, and are there before the log forgets what they cover (§7, trap 21). */
public final class SnapshotSafety {
    private static final String PROMISE = "SnapshotSafety";

    private final Map<NodeId, SnapshotMeta> newest = new HashMap<>();
    private final Set<NodeId> decayed = new HashSet<>();
    /** Whose log began behind every snapshot at the start, until it begins anew: it counts for nothing, and the node is right to cut it off. */
    private final Set<NodeId> withoutBeginning = new HashSet<>();

    /** A node's store says that this snapshot is durable. */
    public void stored(NodeId node, SnapshotMeta snapshot, CommittedLedger ledger, MembershipSafety memberships) {
        if (snapshot.index() > ledger.last()
                || ledger.line(snapshot.index()).slot().term() != snapshot.term()) {
            throw new SafetyViolation(
                    PROMISE, "node " + node + " has a snapshot of what is not committed: " + snapshot);
        }
        MembershipAt expected = memberships.committedAt(snapshot.index());
        // Who joins later knows of no membership before the first one in the log.
        boolean unknown = expected.index() == 0
                && snapshot.membership().index() == 0
                && snapshot.membership().membership().isNone();
        if (!unknown && !snapshot.membership().equals(expected)) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " has a snapshot with another membership than " + expected + ": " + snapshot);
        }
        newest.merge(node, snapshot, (old, young) -> young.index() >= old.index() ? young : old);
    }

    /** A node lets its log begin behind an entry. */
    public void begins(NodeId node, LogBase base) {
        SnapshotMeta snapshot = newest.get(node);
        if ((snapshot == null ? 0 : snapshot.index()) < base.index()) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " forgets entries up to " + base.index() + ", but its newest snapshot is "
                            + snapshot);
        }
    }

    /** Its snapshots may have decayed on the disk: what it finds of them at a start is what it has, be it less than it had. */
    public void mayHaveDecayed(NodeId node) {
        decayed.add(node);
    }

    /** A node starts anew, with this snapshot and this log. */
    public void started(NodeId node, @Nullable SnapshotMeta found, LogState log) {
        SnapshotMeta known = newest.get(node);
        long covered = found == null ? 0 : found.index();
        if (decayed.contains(node)) {
            newest.remove(node);
            if (found != null) {
                newest.put(node, found);
            }
            if (covered < log.firstIndex() - 1) {
                withoutBeginning.add(node);
            }
            return;
        }
        if (known != null && covered < known.index()) {
            throw new SafetyViolation(PROMISE, "node " + node + " had the snapshot " + known + ", and finds " + found);
        }
        if (covered < log.firstIndex() - 1) {
            throw new SafetyViolation(
                    PROMISE,
                    "the log of node " + node + " begins at " + log.firstIndex() + ", but its snapshot is " + found);
        }
    }

    /** The log of this node begins elsewhere now. */
    void begunAnew(NodeId node) {
        withoutBeginning.remove(node);
    }

    /** Whether this node has a log of which the beginning has decayed. */
    boolean lacksBeginning(NodeId node) {
        return withoutBeginning.contains(node);
    }

    /** A machine lost everything. */
    public void wiped(NodeId node) {
        newest.remove(node);
    }
}
