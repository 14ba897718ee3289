package io.jangada.core.log;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one ordered stream of writes of a node: collects what a step changes in vote, term and log into one {@link WriteBatch}, and
 * knows which promise has to wait for which batch.
 */
public final class WriteStream {

    /** A batch that is on its way to the disk, and where the log will be durable up to when it has arrived. */
    private static final class Pending {
        final long sequence;
        long lastIndex;

        Pending(long sequence, long lastIndex) {
            this.sequence = sequence;
            this.lastIndex = lastIndex;
        }
    }

    private final RaftLog log;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable HardState hardState;
    private @Nullable LogBase base;
    private long truncateAfter = WriteBatch.KEEP_ALL;
    private long lastSequence;
    private long persistedSequence;
    private long hardStateSequence;

    public WriteStream(RaftLog log) {
        this.log = log;
        if (log.beginsAnew()) {
            base = new LogBase(log.baseIndex(), log.termAt(log.baseIndex()), true);
        }
    }

    public void hardState(HardState state) {
        hardState = state;
        hardStateSequence = lastSequence + 1;
    }

    /** Appends to the log, in memory now and on disk with this step's batch. */
    public void append(Entry entry) {
        log.append(entry);
        entries.add(entry);
    }

    /** Forgets the entries up to this one, in memory now and on disk with this step's batch. Does nothing if they are forgotten already. */
    public void compactTo(long index) {
        if (index > log.baseIndex()) {
            log.compactTo(index);
            base = new LogBase(index, log.termAt(index), base != null && base.reset());
        }
    }

    /** Begins the log anew behind a snapshot that has been installed, in memory now and on disk with this step's batch. Comes before the appends of the same step. */
    public void resetTo(SnapshotMeta snapshot) {
        Invariants.require(entries.isEmpty(), "a step begins the log anew after it has appended to it");
        log.resetTo(snapshot);
        base = new LogBase(snapshot.index(), snapshot.term(), true);
        // Nothing is left of what was to be cut.
        truncateAfter = WriteBatch.KEEP_ALL;
        forgetOnTheWay(snapshot.index());
    }

    /** Cuts the log, in memory now and on disk with this step's batch. Comes before the appends of the same step. */
    public void truncateAfter(long index) {
        Invariants.require(entries.isEmpty(), "a step cuts the log after it has appended to it");
        log.truncateAfter(index);
        truncateAfter = truncateAfter == WriteBatch.KEEP_ALL ? index : Math.min(truncateAfter, index);
        forgetOnTheWay(index);
    }

    /** What is still on its way to the disk beyond the cut will arrive, but must not count (trap 17). */
    private void forgetOnTheWay(long index) {
        for (Pending batch : pending) {
            batch.lastIndex = Math.min(batch.lastIndex, index);
        }
    }

    /** The batch after which the present term and vote are durable: what answers to elections and heartbeats wait for. */
    public long hardStateSequence() {
        return hardStateSequence;
    }

    /** The last batch that is known to be durable. */
    public long persistedSequence() {
        return persistedSequence;
    }

    /** Whether anything is on its way to the disk. */
    public boolean isPending() {
        return !pending.isEmpty();
    }

    /** How many batches are on their way to the disk. */
    public long waiting() {
        return pending.size();
    }

    /** The batch after which everything that has been changed so far, in this step too, is durable. */
    public long latestSequence() {
        return dirty() ? lastSequence + 1 : lastSequence;
    }

    private boolean dirty() {
        return hardState != null || base != null || truncateAfter != WriteBatch.KEEP_ALL || !entries.isEmpty();
    }

    /** Ends the step: what it changed becomes one batch. */
    public void flush(Effects effects) {
        if (!dirty()) {
            return;
        }
        lastSequence++;
        effects.write(new WriteBatch(lastSequence, hardState, base, truncateAfter, entries));
        pending.add(new Pending(lastSequence, log.lastIndex()));
        hardState = null;
        base = null;
        truncateAfter = WriteBatch.KEEP_ALL;
        entries.clear();
    }

    /** The disk has everything up to this batch. */
    public void persisted(long sequence) {
        Invariants.require(
                sequence <= lastSequence,
                "batch " + sequence + " is reported durable, only " + lastSequence + " exist");
        if (sequence <= persistedSequence) {
            return;
        }
        persistedSequence = sequence;
        long durableTo = -1;
        for (Pending batch = pending.peek(); batch != null && batch.sequence <= sequence; batch = pending.peek()) {
            durableTo = batch.lastIndex;
            pending.remove();
        }
        if (durableTo >= 0) {
            log.persistedTo(durableTo);
        }
    }
}
