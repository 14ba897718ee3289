package io.jangada.testkit.check;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What one node's disk must hold, kept outside the node: the stream of writes it was asked for, and the part of it that was reported
 * durable.
 *
 * <p>After a crash the disk must hold everything durable, and of what follows a prefix of the stream: {@link #recovered} checks that.
 */
public final class LogMirror {
    private static final String PROMISE = "DurableStream";

    private final NodeId node;
    private final Image written = new Image();
    private final Image durable = new Image();
    private final Deque<WriteBatch> unsynced = new ArrayDeque<>();

    public LogMirror(NodeId node) {
        this.node = node;
    }

    /** The node has handed this batch to its disk. */
    public void write(WriteBatch batch) {
        long before = written.slots.size();
        if (batch.truncates() && batch.truncateAfter() > before) {
            throw new SafetyViolation(
                    PROMISE, "node " + node + " cuts its log of " + before + " entries after " + batch.truncateAfter());
        }
        written.hardState(batch);
        written.truncate(batch);
        for (Entry entry : batch.entries()) {
            if (entry.index() != written.slots.size() + 1) {
                throw new SafetyViolation(
                        PROMISE, "node " + node + " writes entry " + entry + " after " + written.slots.size());
            }
            written.slots.add(Slot.of(entry));
        }
        unsynced.add(batch);
    }

    /** The disk has reported everything written so far as durable. */
    public void sync() {
        while (!unsynced.isEmpty()) {
            durable.apply(unsynced.remove());
        }
    }

    /** The node has restarted, and this is what it found on its disk. Throws if anything durable is missing, or anything is there that was never written. */
    public void recovered(HardState hardState, List<Entry> log) {
        Image found = new Image();
        found.hardState = hardState;
        for (Entry entry : log) {
            found.slots.add(Slot.of(entry));
        }
        if (!isPrefixOfTheStream(found)) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " recovered " + found + ", but what was durable is " + durable
                            + " and what followed it is " + unsynced);
        }
        unsynced.clear();
        written.copyFrom(found);
        durable.copyFrom(found);
    }

    private boolean isPrefixOfTheStream(Image found) {
        Image reached = new Image();
        reached.copyFrom(durable);
        if (reached.equalTo(found)) {
            return true;
        }
        for (WriteBatch batch : unsynced) {
            reached.hardState(batch);
            if (reached.equalTo(found)) {
                return true;
            }
            reached.truncate(batch);
            if (reached.equalTo(found)) {
                return true;
            }
            for (Entry entry : batch.entries()) {
                reached.slots.add(Slot.of(entry));
                if (reached.equalTo(found)) {
                    return true;
                }
            }
        }
        return false;
    }

    public NodeId node() {
        return node;
    }

    /** The last entry handed to the disk. */
    public long lastWritten() {
        return written.slots.size();
    }

    /** The last entry that is durable. */
    public long lastDurable() {
        return durable.slots.size();
    }

    /** The durable hard state. */
    public HardState durableHardState() {
        return durable.hardState;
    }

    /** The entry handed to the disk at this index, which must be from 1 to {@link #lastWritten}. */
    public Slot written(long index) {
        return written.slots.get((int) index - 1);
    }

    /** The durable entry at this index, which must be from 1 to {@link #lastDurable}. */
    public Slot durable(long index) {
        return durable.slots.get((int) index - 1);
    }

    /** Hard state and log at one moment. */
    private static final class Image {
        private HardState hardState = HardState.INITIAL;
        private final List<Slot> slots = new ArrayList<>();

        void apply(WriteBatch batch) {
            hardState(batch);
            truncate(batch);
            for (Entry entry : batch.entries()) {
                slots.add(Slot.of(entry));
            }
        }

        void hardState(WriteBatch batch) {
            HardState next = batch.hardState();
            if (next != null) {
                hardState = next;
            }
        }

        void truncate(WriteBatch batch) {
            if (batch.truncates() && batch.truncateAfter() < slots.size()) {
                slots.subList((int) batch.truncateAfter(), slots.size()).clear();
            }
        }

        void copyFrom(Image other) {
            hardState = other.hardState;
            slots.clear();
            slots.addAll(other.slots);
        }

        boolean equalTo(Image other) {
            return slots.size() == other.slots.size() && hardState.equals(other.hardState) && slots.equals(other.slots);
        }

        @Override
        public String toString() {
            String last = slots.isEmpty() ? "" : ", the last of " + slots.get(slots.size() - 1);
            return "[term " + hardState.term() + ", vote " + hardState.votedFor() + ", " + slots.size() + " entries"
                    + last + "]";
        }
    }
}
