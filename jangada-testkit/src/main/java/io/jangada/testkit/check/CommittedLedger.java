package io.jangada.testkit.check;

import io.jangada.core.model.LogBase;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every entry that was ever committed, in order, and the promise by which it got there: what a node calls committed is durable on a majority
 * of the voters of the membership in force on that node, and during a change on a majority of the outgoing voters too ({@code CommittedIsDurable}, §5.3, §5.4.2, §6).
 * Learners never count.
 */
public final class CommittedLedger {
    private static final String PROMISE = "CommittedIsDurable";

    /** An entry, and the term in which it was first called committed. */
    public record Line(Slot slot, long committedInTerm) {}

    private final List<Line> lines = new ArrayList<>();

    /**
     * Some node, in this term, calls everything up to {@code index} committed; these are the disks of all nodes.
     *
     * @param inForce the memberships that were in force on the node since it last showed itself: one of them must bear the commitment
     */
    public void committed(long index, long term, Collection<LogMirror> disks, List<Membership> inForce) {
        for (long next = last() + 1; next <= index; next++) {
            Map<Slot, Set<NodeId>> copies = new HashMap<>();
            for (LogMirror disk : disks) {
                Slot slot = disk.durable(next);
                if (slot != null) {
                    copies.computeIfAbsent(slot, any -> new HashSet<>()).add(disk.node());
                }
            }
            Slot agreed = agreed(copies, inForce);
            if (agreed == null) {
                throw new SafetyViolation(
                        PROMISE,
                        "entry " + next + " is called committed in term " + term
                                + ", but no majority has it on disk; copies: " + copies + ", memberships: " + inForce);
            }
            lines.add(new Line(agreed, term));
        }
    }

    private static @Nullable Slot agreed(Map<Slot, Set<NodeId>> copies, List<Membership> inForce) {
        for (Membership membership : inForce) {
            for (Map.Entry<Slot, Set<NodeId>> copy : copies.entrySet()) {
                if (Majority.of(membership, copy.getValue())) {
                    return copy.getKey();
                }
            }
        }
        return null;
    }

    /** A node is about to cut its log: nothing committed may go. */
    public void truncated(LogMirror disk, long truncateAfter) {
        long last = Math.min(lines.size(), disk.lastWritten());
        for (long index = Math.max(truncateAfter, disk.base()) + 1; index <= last; index++) {
            if (disk.written(index).equals(line(index).slot())) {
                throw new SafetyViolation(
                        PROMISE, "node " + disk.node() + " cuts off its copy of the committed entry " + index);
            }
        }
    }

    /** A node is about to let its log begin elsewhere. */
    public void begins(LogMirror disk, LogBase base) {
        begins(disk, base.index(), base.term());
        if (base.reset()) {
            truncated(disk, base.index());
        }
    }

    /** A node's log begins behind this entry, which must be committed. */
    public void begins(LogMirror disk, long index, long term) {
        boolean committed = index == 0 || (index <= last() && line(index).slot().term() == term);
        if (!committed) {
            throw new SafetyViolation(
                    PROMISE,
                    "the log of node " + disk.node() + " begins behind entry " + index + " of term " + term + ", but "
                            + (index > last() ? "only " + last() + " are committed" : "committed is " + line(index)));
        }
    }

    /** The last committed entry. */
    public long last() {
        return lines.size();
    }

    /** The committed entry at this index, from 1 to {@link #last}. */
    public Line line(long index) {
        return lines.get((int) index - 1);
    }
}
