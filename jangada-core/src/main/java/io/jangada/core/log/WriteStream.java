package io.jangada.core.log;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.WriteBatch;
import io.jangada.core.step.WriteBatch.SalvageFate;
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
    private @Nullable Promised promised;
    private SalvageFate fate = SalvageFate.KEEP;
    private long lastSequence;
    private long persistedSequence;
    private long hardStateSequence;

    public WriteStream(RaftLog log) {
        this.log = log;
        Islands.Move move = log.startMove();
        if (move != null) {
            base = move.base();
            fate = move.fate();
        }
        rememberPromise();
        forgetFulfilledPromise();
    }

    private void forgetFulfilledPromise() {
        if (log.forgetFulfilledPromise()) {
            promised = Promised.NOTHING;
        }
    }

    /** With the first batch, and with each that takes from the disk what it knows the promise by. */
    private void rememberPromise() {
        if (!log.promised().isNothing()) {
            promised = log.promised();
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

    /** The gap behind the log is filled: it goes on with what is intact behind it, in memory now and on disk with this step's batch. Comes after the appends of the same step. */
    public Salvage adopt() {
        Invariants.require(fate == SalvageFate.KEEP, "a step adopts what is behind one gap at most");
        if (!log.isAdrift()) {
            fate = SalvageFate.ADOPT;
        }
        return log.adopt();
    }

    /** Forgets what lies behind gaps, in memory now and on disk with this step's batch, but not that it may have been promised. Comes before the appends of the same step. */
    public void dropIslands() {
        if (!log.hasIslands() && !log.isAdrift()) {
            return;
        }
        if (log.isAdrift()) {
            base = new LogBase(log.baseIndex(), log.termAt(log.baseIndex()), true);
        }
        fate = SalvageFate.DROP;
        log.dropIslands();
        rememberPromise();
    }

    /** Forgets the entries up to this one, in memory now and on disk with this step's batch. Does nothing if they are forgotten already. */
    public void compactTo(long index) {
        if (index > log.baseIndex()) {
            log.compactTo(index);
            base = new LogBase(index, log.termAt(index), base != null && base.reset());
        }
    }

    /**
     * Begins the log anew behind a snapshot that has been installed, in memory now and on disk with this step's batch. Comes before the appends of the same step. Returns the memberships in what
     * continues the snapshot.
     */
    public List<MembershipAt> resetTo(SnapshotMeta snapshot) {
        Invariants.require(entries.isEmpty(), "a step begins the log anew after it has appended to it");
        Islands.Move move = log.resetTo(snapshot);
        base = move.base();
        fate = move.fate();
        // Nothing is left of what was to be cut.
        truncateAfter = WriteBatch.KEEP_ALL;
        forgetOnTheWay(snapshot.index());
        rememberPromise();
        if (!log.joinsFirstIsland()) {
            return List.of();
        }
        List<MembershipAt> later = log.adopt().memberships();
        if (base == null && pending.isEmpty()) {
            // It has been the disk's log all the time.
            log.persistedTo(log.lastIndex());
        }
        return later;
    }

    /** Cuts the log, in memory now and on disk with this step's batch. Comes before the appends of the same step. */
    public void truncateAfter(long index) {
        Invariants.require(entries.isEmpty(), "a step cuts the log after it has appended to it");
        dropIslands();
        log.truncateAfter(index);
        rememberPromise();
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

    /** The batch after which everything that has been changed so far, in this step too, is durable. */
    public long latestSequence() {
        return dirty() ? lastSequence + 1 : lastSequence;
    }

    private boolean dirty() {
        return hardState != null
                || base != null
                || truncateAfter != WriteBatch.KEEP_ALL
                || !entries.isEmpty()
                || fate != SalvageFate.KEEP
                || (promised != null && promised.isNothing());
    }

    /** Ends the step: what it changed becomes one batch. */
    public void flush(Effects effects) {
        if (!dirty()) {
            return;
        }
        lastSequence++;
        effects.write(new WriteBatch(lastSequence, hardState, base, truncateAfter, entries, promised, fate));
        pending.add(new Pending(lastSequence, log.lastIndex()));
        hardState = null;
        base = null;
        truncateAfter = WriteBatch.KEEP_ALL;
        promised = null;
        fate = SalvageFate.KEEP;
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
        forgetFulfilledPromise();
    }
}
