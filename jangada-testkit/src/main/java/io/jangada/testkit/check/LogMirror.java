package io.jangada.testkit.check;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one node's disk must hold, kept outside the node: the stream of writes it was asked for, and the part of it that was reported
 * durable.
 *
 * <p>After a crash the disk must hold everything durable, and of what follows a prefix of the stream: {@link #recovered} checks that. Where the log begins, and how far term and vote have
 * got, is not part of that order: to forget early what a snapshot covers does no harm, nor does a vote that was never cast. Of a damaged disk it is required that whatever is missing
 * is named as promised.
 */
public final class LogMirror {
    private static final String PROMISE = "DurableStream";
    private static final LogPosition NOWHERE = new LogPosition(0, 0);

    private final NodeId node;
    private final Deque<WriteBatch> unsynced = new ArrayDeque<>();
    private MirrorImage written = new MirrorImage();
    private MirrorImage durable = new MirrorImage();
    /** The last position of the log that was durable before the latest synchronisation and has not been cut off since. */
    private LogPosition settled = NOWHERE;
    /** Whether the latest synchronisation has cut something off: nothing tells that the cut was durable before it, nor, if it is lost, the term of what it has left. */
    private boolean cutLately;
    /** What the node has remembered of what it lacks since it started; nothing once its log has reached that. */
    private Promised remembered = Promised.NOTHING;

    /** Whether the log may begin before where it does: the snapshot on which it stood has decayed. */
    private boolean mayBeginAnew;

    public LogMirror(NodeId node) {
        this.node = node;
    }

    /** What was durable here, was not found at a start, and has not been taken away since: a damaged disk may show it again. */
    private final TreeMap<Long, Slot> unseen = new TreeMap<>();

    /** The node has lost the snapshot on which its log stood: it begins its log anew, wherever that may be. */
    void mayBeginAnew() {
        mayBeginAnew = true;
    }

    /** The node has handed this batch to its disk. */
    public void write(WriteBatch batch) {
        LogBase base = batch.base();
        if (base != null && !base.reset() && !written.canBeginBehind(base.index())) {
            throw broken("begins its log behind entry " + base.index() + ", but it ends at " + written.last());
        }
        if (base != null && base.index() < written.base() && !(mayBeginAnew && base.reset())) {
            throw broken("begins its log behind entry " + base.index() + ", but it began behind " + written.base());
        }
        mayBeginAnew &= base == null || !base.reset();
        written.hardState(batch);
        written.begin(batch);
        if (batch.truncates() && (batch.truncateAfter() > written.last() || batch.truncateAfter() < written.base())) {
            throw broken("cuts its log of " + written + " after " + batch.truncateAfter());
        }
        written.truncate(batch);
        for (Entry entry : batch.entries()) {
            if (entry.index() != written.last() + 1) {
                throw broken("writes entry " + entry + " after " + written.last());
            }
            written.append(entry);
        }
        String fault = written.adoptionFault(batch);
        if (!fault.isEmpty()) {
            throw broken(fault);
        }
        written.settle(batch);
        unsynced.add(batch);
    }

    private SafetyViolation broken(String how) {
        return new SafetyViolation(PROMISE, "node " + node + " " + how);
    }

    /** The disk has reported everything written so far as durable. */
    public void sync() {
        if (!unsynced.isEmpty()) {
            settled = durable.lastPosition();
            cutLately = false;
        }
        while (!unsynced.isEmpty()) {
            WriteBatch batch = unsynced.remove();
            durable.apply(batch);
            forgetUnseen(batch);
            cutLately |= batch.truncates() || batch.salvage() == WriteBatch.SalvageFate.DROP;
            Promised more = batch.promised();
            if (more != null && more.possible().isAfter(remembered.possible())) {
                remembered = more;
            }
            long kept = batch.truncates() ? batch.truncateAfter() : settled.index();
            LogBase base = batch.base();
            if (base != null && base.reset()) {
                settled = NOWHERE;
            } else if (kept < settled.index()) {
                settled = kept > durable.base() ? durable.position(kept) : NOWHERE;
            }
        }
        if (!remembered.possible().isAfter(durable.lastPosition())) {
            remembered = Promised.NOTHING;
        }
    }

    /** What a batch cuts off, drops or writes over never comes back. */
    private void forgetUnseen(WriteBatch batch) {
        LogBase base = batch.base();
        if (batch.truncates()) {
            unseen.tailMap(batch.truncateAfter(), false).clear();
        }
        if (batch.salvage() == WriteBatch.SalvageFate.DROP || (base != null && base.reset())) {
            unseen.clear();
        }
        unseen.headMap(durable.last(), true).clear();
    }

    /**
     * The node has restarted, and this is what it found on its disk. Throws if anything durable is missing and not named, anything is there that was never written, or the log
     * begins where nothing was committed.
     *
     * @param salvage the entries that are intact behind gaps, in order
     * @return whether anything durable is missing
     */
    public boolean recovered(LogState state, List<Entry> log, List<Entry> salvage, CommittedLedger ledger) {
        MirrorImage found = MirrorImage.of(state, log, salvage);
        List<MirrorImage> stream = stream();
        MirrorImage reached = reached(found, stream, state.promised());
        if (reached == null || found.base() > latestBase()) {
            throw broken("recovered " + found + " and remembers " + state.promised() + ", but what was durable is "
                    + durable + ", before the latest synchronisation up to " + settled + ", and what followed it is "
                    + unsynced);
        }
        String stranger = found.strangerIn(stream, unseen);
        if (stranger != null) {
            throw broken("found " + stranger + " behind a gap, which it has never written: " + found);
        }
        boolean forgotten = remembered.possible().isAfter(durable.lastPosition())
                && remembered.possible().isAfter(state.promised().possible())
                && remembered.possible().isAfter(found.lastPosition());
        if (forgotten) {
            throw broken("has forgotten that it may have acknowledged entries up to " + remembered + ": it recovered "
                    + found + " and remembers " + state.promised());
        }
        ledger.begins(this, found.base(), found.baseTerm());
        for (long index = found.base() + 1; index <= Math.min(reached.base(), found.last()); index++) {
            if (!ledger.line(index).slot().equals(found.slot(index))) {
                throw broken("recovered another entry " + index + " than the committed one, which its snapshot covers");
            }
        }
        boolean lost = found.last() < durable.last();
        cutLately = false;
        unseen.putAll(durable.everything());
        unseen.keySet().removeAll(found.everything().keySet());
        unsynced.clear();
        written = found;
        durable = found.copy();
        settled = NOWHERE;
        remembered = state.promised();
        return lost;
    }

    /** As {@link #recovered(LogState, List, List, CommittedLedger)}, of a log without gaps. */
    public boolean recovered(LogState state, List<Entry> log, CommittedLedger ledger) {
        return recovered(state, log, List.of(), ledger);
    }

    /** The durable log, and all through which the writes that followed may have taken it. */
    private List<MirrorImage> stream() {
        List<MirrorImage> stream = new ArrayList<>();
        MirrorImage now = durable.copy();
        stream.add(now);
        for (WriteBatch batch : unsynced) {
            now = now.copy();
            now.hardState(batch);
            stream.add(now);
            now = now.copy();
            now.begin(batch);
            stream.add(now);
            now = now.copy();
            now.truncate(batch);
            stream.add(now);
            for (Entry entry : batch.entries()) {
                now = now.copy();
                now.append(entry);
                stream.add(now);
            }
            now = now.copy();
            now.settle(batch);
            stream.add(now);
        }
        return stream;
    }

    /** The first state of the stream of which the node has found everything or remembers that there was more. */
    private @Nullable MirrorImage reached(MirrorImage found, List<MirrorImage> stream, Promised promised) {
        for (int i = 0; i < stream.size(); i++) {
            MirrorImage state = stream.get(i);
            boolean named = found.last() == state.last()
                    || (found.last() < state.last()
                            && !state.lastPosition().isAfter(promised.possible())
                            && !certainlyMissing(found, state).isAfter(promised.certain()));
            if (named
                    && found.agreesWith(state)
                    && stream.subList(i, stream.size()).stream()
                            .anyMatch(later -> later.hardState().equals(found.hardState()))) {
                return state;
            }
        }
        return null;
    }

    /** What was durable before the latest synchronisation, as far as it is in this state and was not found: no torn write explains that, unless a cut was part of it. */
    private LogPosition certainlyMissing(MirrorImage found, MirrorImage state) {
        if (cutLately) {
            return NOWHERE;
        }
        boolean inState =
                state.holds(settled.index()) && state.position(settled.index()).equals(settled);
        return inState && settled.index() > found.last() ? settled : NOWHERE;
    }

    private long latestBase() {
        long latest = durable.base();
        for (WriteBatch batch : unsynced) {
            LogBase base = batch.base();
            latest = base == null ? latest : Math.max(latest, base.index());
        }
        return latest;
    }

    /** What the disk holds durably now, to be kept when it is damaged. */
    LogMirror durableCopy() {
        LogMirror copy = new LogMirror(node);
        copy.written = durable.copy();
        copy.durable = durable.copy();
        return copy;
    }

    public NodeId node() {
        return node;
    }

    /** The entry behind which the log begins: a snapshot covers it and everything before it. */
    public long base() {
        return written.base();
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
        return durable.hardState();
    }

    /** The entry handed to the disk at this index, which must be after {@link #base} and not after {@link #lastWritten}. */
    public Slot written(long index) {
        return written.slot(index);
    }

    /** The term of the entry handed to the disk at this index, which must be from {@link #base} to {@link #lastWritten}. */
    public long writtenTerm(long index) {
        return written.position(index).term();
    }

    /** Whether this entry is durable here, or covered by a durable snapshot. */
    public boolean hasDurable(long index, Slot slot) {
        return index <= durable.base()
                || (durable.holds(index) && durable.slot(index).equals(slot));
    }

    /** The durable entry at this index; null if there is none, or a snapshot covers it. */
    public @Nullable Slot durable(long index) {
        return durable.holds(index) ? durable.slot(index) : null;
    }
}
