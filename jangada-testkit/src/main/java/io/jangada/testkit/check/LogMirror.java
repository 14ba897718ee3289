package io.jangada.testkit.check;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node's disk must hold, kept outside the node: the stream of writes it was asked for, and the part of it that was reported
 * durable.
 *
 * <p>After a crash the disk must hold everything durable, and of what follows a prefix of the stream: {@link #recovered} checks that. Where the log begins is not
 * part of that order, because forgetting what a snapshot covers early or late does no harm.
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
        LogBase base = batch.base();
        if (base != null && !base.reset() && base.index() > written.last()) {
            throw broken("begins its log behind entry " + base.index() + ", but it ends at " + written.last());
        }
        if (base != null && base.index() < written.baseIndex) {
            throw broken("begins its log behind entry " + base.index() + ", but it began behind " + written.baseIndex);
        }
        written.hardState(batch);
        written.begin(batch);
        if (batch.truncates()
                && (batch.truncateAfter() > written.last() || batch.truncateAfter() < written.baseIndex)) {
            throw broken("cuts its log of " + written + " after " + batch.truncateAfter());
        }
        written.truncate(batch);
        for (Entry entry : batch.entries()) {
            if (entry.index() != written.last() + 1) {
                throw broken("writes entry " + entry + " after " + written.last());
            }
            written.slots.add(Slot.of(entry));
        }
        unsynced.add(batch);
    }

    private SafetyViolation broken(String how) {
        return new SafetyViolation(PROMISE, "node " + node + " " + how);
    }

    /** The disk has reported everything written so far as durable. */
    public void sync() {
        while (!unsynced.isEmpty()) {
            durable.apply(unsynced.remove());
        }
    }

    /**
     * The node has restarted, and this is what it found on its disk. Throws if anything durable is missing, anything is there that was never written, or the log
     * begins where nothing was committed.
     */
    public void recovered(LogState state, List<Entry> log, CommittedLedger ledger) {
        Image found = new Image();
        found.hardState = state.hardState();
        found.baseIndex = state.firstIndex() - 1;
        found.baseTerm = state.prevTerm();
        for (Entry entry : log) {
            found.slots.add(Slot.of(entry));
        }
        Image reached = prefixOfTheStream(found);
        if (reached == null || found.baseIndex > latestBase()) {
            throw broken("recovered " + found + ", but what was durable is " + durable + " and what followed it is "
                    + unsynced);
        }
        ledger.begins(this, found.baseIndex, found.baseTerm);
        for (long index = found.baseIndex + 1; index <= reached.baseIndex; index++) {
            if (!ledger.line(index).slot().equals(found.slot(index))) {
                throw broken("recovered another entry " + index + " than the committed one, which its snapshot covers");
            }
        }
        unsynced.clear();
        written.copyFrom(found);
        durable.copyFrom(found);
    }

    private long latestBase() {
        long latest = durable.baseIndex;
        for (WriteBatch batch : unsynced) {
            LogBase base = batch.base();
            latest = base == null ? latest : Math.max(latest, base.index());
        }
        return latest;
    }

    private @Nullable Image prefixOfTheStream(Image found) {
        Image reached = new Image();
        reached.copyFrom(durable);
        if (reached.equalTo(found)) {
            return reached;
        }
        for (WriteBatch batch : unsynced) {
            reached.hardState(batch);
            if (reached.equalTo(found)) {
                return reached;
            }
            reached.begin(batch);
            if (reached.equalTo(found)) {
                return reached;
            }
            reached.truncate(batch);
            if (reached.equalTo(found)) {
                return reached;
            }
            for (Entry entry : batch.entries()) {
                reached.slots.add(Slot.of(entry));
                if (reached.equalTo(found)) {
                    return reached;
                }
            }
        }
        return null;
    }

    public NodeId node() {
        return node;
    }

    /** The entry behind which the log begins: a snapshot covers it and everything before it. */
    public long base() {
        return written.baseIndex;
    }

    /** The last entry handed to the disk. */
    public long lastWritten() {
        return written.last();
    }

    /** The last entry that is durable. */
    public long lastDurable() {
        return durable.last();
    }

    /** The durable hard state. */
    public HardState durableHardState() {
        return durable.hardState;
    }

    /** The entry handed to the disk at this index, which must be after {@link #base} and not after {@link #lastWritten}. */
    public Slot written(long index) {
        return written.slot(index);
    }

    /** The term of the entry handed to the disk at this index, which must be from {@link #base} to {@link #lastWritten}. */
    public long writtenTerm(long index) {
        return index == written.baseIndex
                ? written.baseTerm
                : written.slot(index).term();
    }

    /** Whether this entry is durable here, or covered by a durable snapshot. */
    public boolean hasDurable(long index, Slot slot) {
        return index <= durable.baseIndex
                || (index <= durable.last() && durable.slot(index).equals(slot));
    }

    /** The durable entry at this index; null if there is none, or a snapshot covers it. */
    public @Nullable Slot durable(long index) {
        return index <= durable.baseIndex || index > durable.last() ? null : durable.slot(index);
    }

    /** Hard state and log at one moment. */
    private static final class Image {
        private HardState hardState = HardState.INITIAL;
        private long baseIndex;
        private long baseTerm;
        private final List<Slot> slots = new ArrayList<>();

        long last() {
            return baseIndex + slots.size();
        }

        Slot slot(long index) {
            return slots.get((int) (index - baseIndex) - 1);
        }

        void apply(WriteBatch batch) {
            hardState(batch);
            begin(batch);
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

        void begin(WriteBatch batch) {
            LogBase base = batch.base();
            if (base == null) {
                return;
            }
            if (base.reset()) {
                slots.clear();
            } else if (base.index() > baseIndex) {
                slots.subList(0, (int) (base.index() - baseIndex)).clear();
            }
            baseIndex = base.index();
            baseTerm = base.term();
        }

        void truncate(WriteBatch batch) {
            if (batch.truncates() && batch.truncateAfter() < last()) {
                slots.subList((int) (batch.truncateAfter() - baseIndex), slots.size())
                        .clear();
            }
        }

        void copyFrom(Image other) {
            hardState = other.hardState;
            baseIndex = other.baseIndex;
            baseTerm = other.baseTerm;
            slots.clear();
            slots.addAll(other.slots);
        }

        /** Whether both end alike; one may begin earlier than the other. */
        boolean equalTo(Image other) {
            if (last() != other.last() || !hardState.equals(other.hardState)) {
                return false;
            }
            int common = Math.min(slots.size(), other.slots.size());
            return slots.subList(slots.size() - common, slots.size())
                    .equals(other.slots.subList(other.slots.size() - common, other.slots.size()));
        }

        @Override
        public String toString() {
            String end = slots.isEmpty() ? "" : ", the last of " + slots.get(slots.size() - 1);
            return "[term " + hardState.term() + ", vote " + hardState.votedFor() + ", entries " + (baseIndex + 1)
                    + ".." + last() + end + "]";
        }
    }
}
