package io.jangada.testkit.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every entry that was ever committed, in order, and the promise by which it got there: what a node calls committed is durable on a majority
 * of the voters at that moment ({@code CommittedIsDurable}, §5.3, §5.4.2).
 */
public final class CommittedLedger {
    private static final String PROMISE = "CommittedIsDurable";

    /** An entry, and the term in which it was first called committed. */
    public record Line(Slot slot, long committedInTerm) {}

    private final int majority;
    private final List<Line> lines = new ArrayList<>();

    public CommittedLedger(int majority) {
        this.majority = majority;
    }

    /** Some node, in this term, calls everything up to {@code index} committed; these are the disks of all voters. */
    public void committed(long index, long term, Collection<LogMirror> disks) {
        for (long next = last() + 1; next <= index; next++) {
            Map<Slot, Integer> copies = new HashMap<>();
            Slot agreed = null;
            for (LogMirror disk : disks) {
                if (disk.lastDurable() >= next) {
                    Slot slot = disk.durable(next);
                    if (copies.merge(slot, 1, Integer::sum) >= majority) {
                        agreed = slot;
                    }
                }
            }
            if (agreed == null) {
                throw new SafetyViolation(
                        PROMISE,
                        "entry " + next + " is called committed in term " + term
                                + ", but no majority has it on disk; copies: " + copies);
            }
            lines.add(new Line(agreed, term));
        }
    }

    /** A node is about to cut its log: nothing committed may go. */
    public void truncated(LogMirror disk, long truncateAfter) {
        long last = Math.min(lines.size(), disk.lastWritten());
        for (long index = truncateAfter + 1; index <= last; index++) {
            if (disk.written(index).equals(line(index).slot())) {
                throw new SafetyViolation(
                        PROMISE, "node " + disk.node() + " cuts off its copy of the committed entry " + index);
            }
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
