package io.jangada.testkit.check;

import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots are of committed entries, name the right membership, outlive crashes, and are there before the log forgets what they cover (§7, trap 21). */
public final class SnapshotSafety {
    private static final String PROMISE = "SnapshotSafety";

    private final Map<NodeId, SnapshotMeta> newest = new HashMap<>();

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
        if (snapshot == null || snapshot.index() < base.index()) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " forgets entries up to " + base.index() + ", but its newest snapshot is "
                            + snapshot);
        }
    }

    /** A node starts anew, with this snapshot and this log. */
    public void started(NodeId node, @Nullable SnapshotMeta found, LogState log) {
        SnapshotMeta known = newest.get(node);
        long covered = found == null ? 0 : found.index();
        if (known != null && covered < known.index()) {
            throw new SafetyViolation(PROMISE, "node " + node + " had the snapshot " + known + ", and finds " + found);
        }
        if (covered < log.firstIndex() - 1) {
            throw new SafetyViolation(
                    PROMISE,
                    "the log of node " + node + " begins at " + log.firstIndex() + ", but its snapshot is " + found);
        }
    }

    /** A machine lost everything. */
    public void wiped(NodeId node) {
        newest.remove(node);
    }
}
