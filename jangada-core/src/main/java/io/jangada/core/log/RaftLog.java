package io.jangada.core.log;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.SnapshotMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of this node as the protocol sees it: every term, the newest entries, how far it is durable and committed, and the snapshot that stands
 * for what is not there any more.
 *
 * <p>It begins behind a base, the last entry that was compacted away (§7). The base is committed and covered by a snapshot, so every legitimate leader has
 * it, and everything before it.
 *
 * <p>Changes are made in memory here and, in the same step, in the {@link WriteStream}.
 */
public final class RaftLog {
    private final TermRuns terms;
    private final EntryTail tail;
    private final long maxTailBytes;
    private final EntryWeights weights = new EntryWeights();
    private final Islands islands;
    private final Islands.@Nullable Move startMove;
    private final List<MembershipAt> recoveredMemberships;
    private Promised promised;
    private @Nullable SnapshotMeta snapshot;
    private long firstIndex;
    private long lastIndex;
    private long persistedIndex;
    private long commitIndex;

    /**
     * The log that the disk remembered. A snapshot that lies beyond it or contradicts it, after a crash between the two, wins: the log begins anew behind it
     * (trap 21), with what is intact behind a gap if that continues the snapshot. If the snapshot before the log is gone, the log is not lost, but out of reach until another one is there.
     * Throws {@link IllegalArgumentException} if the state machine has applied entries that this loses.
     */
    public RaftLog(Recovered recovered, long maxTailBytes) {
        LogState log = recovered.log();
        this.snapshot = recovered.snapshot();
        boolean rootless = recovered.lacksBeginning();
        this.islands = rootless ? Islands.adrift(log) : Islands.of(log);
        if (rootless) {
            long base = snapshotIndex();
            this.terms = new TermRuns(base, snapshot == null ? 0 : snapshot.term(), List.of());
            this.firstIndex = base + 1;
            this.lastIndex = base;
            this.startMove = null;
            this.recoveredMemberships = List.of();
        } else {
            this.terms = new TermRuns(log.firstIndex() - 1, log.prevTerm(), log.terms());
            this.firstIndex = log.firstIndex();
            this.lastIndex = log.lastIndex();
            boolean lacksSnapshot = snapshot != null && !holds(snapshot.index(), snapshot.term());
            this.startMove = snapshot != null && lacksSnapshot ? moveBehind(snapshot, recovered.applied()) : null;
            List<MembershipAt> known = lacksSnapshot ? List.of() : log.memberships();
            this.recoveredMemberships = startMove != null && joinsFirstIsland() ? join().memberships() : known;
        }
        this.tail = new EntryTail(lastIndex + 1);
        this.maxTailBytes = maxTailBytes;
        // What continues the snapshot counts when the disk has been told.
        this.persistedIndex = startMove == null ? lastIndex : baseIndex();
        this.commitIndex = Math.min(recovered.applied(), lastIndex);
        this.promised = promisedBy(recovered);
    }

    /**
     * What the disk says, and what follows from what is there: a log without a beginning and what the state machine has applied were all durable. What is intact behind a gap may have been
     * acknowledged. Whether it certainly was the disk has said: a power failure tears the last write anywhere, and leaves the same traces.
     */
    private Promised promisedBy(Recovered recovered) {
        LogState log = recovered.log();
        LogPosition certain = log.promised().certain();
        LogPosition possible = max(log.promised().possible(), islands.last());
        for (Salvage part : log.salvage()) {
            possible = max(possible, part.last());
        }
        if (recovered.lacksBeginning()) {
            certain = max(certain, max(islands.last(), new LogPosition(log.firstIndex() - 1, log.prevTerm())));
        }
        if (recovered.applied() > lastIndex) {
            certain = max(certain, new LogPosition(recovered.applied(), lastTerm()));
        }
        return new Promised(certain, max(possible, certain));
    }

    private static LogPosition max(LogPosition a, LogPosition b) {
        return a.isAfter(b) ? a : b;
    }

    private Islands.Move moveBehind(SnapshotMeta newest, long applied) {
        if (applied > newest.index() && newest.index() <= lastIndex) {
            throw new IllegalArgumentException("the state machine has applied up to " + applied
                    + ", but the log contradicts the snapshot that ends at " + newest.index()
                    + ": the folder of this node is damaged. Restore it, or remove the member and add a new one");
        }
        if (newest.index() <= lastIndex) {
            islands.drop();
        }
        return beginBehind(newest);
    }

    private Islands.Move beginBehind(SnapshotMeta newest) {
        Islands.Move move = islands.moveBehind(newest);
        terms.resetTo(newest.index(), newest.term());
        firstIndex = newest.index() + 1;
        lastIndex = newest.index();
        return move;
    }

    public long firstIndex() {
        return firstIndex;
    }

    /** The entry before the first one; 0 in a log that was never compacted. */
    public long baseIndex() {
        return firstIndex - 1;
    }

    /** How the log begins behind the recovered snapshot if what the disk remembered does not hold that: the first step tells the disk. Else null. */
    Islands.@Nullable Move startMove() {
        return startMove;
    }

    /** The memberships that the log held at the start, behind the recovered snapshot. */
    public List<MembershipAt> recoveredMemberships() {
        return recoveredMemberships;
    }

    /** What the node may have acknowledged, and does not have durably again yet. */
    public Promised promised() {
        return promised;
    }

    /** Whether the log ends before what the node may have acknowledged. */
    public boolean isBehindPromise() {
        return promised.possible().isAfter(last());
    }

    private boolean isFulfilled() {
        return !promised.possible().isAfter(new LogPosition(persistedIndex, termAt(persistedIndex)));
    }

    /**
     * Forgets what was promised if the disk holds a log again that reaches it; says whether it did so now. Such a log has every entry that this node has acknowledged and that is
     * committed: its last entry comes from the same leader as that of the promise, or from a later one.
     */
    boolean forgetFulfilledPromise() {
        if (promised.isNothing() || !isFulfilled()) {
            return false;
        }
        promised = Promised.NOTHING;
        return true;
    }

    /** Whether intact entries lie behind a gap. */
    public boolean hasIslands() {
        return !islands.isEmpty();
    }

    /** Whether the disk takes the first of them for its log, because the snapshot before it is gone. */
    public boolean isAdrift() {
        return islands.areAdrift();
    }

    /** The first intact entries behind a gap, or null. */
    public @Nullable Salvage firstIsland() {
        return islands.first();
    }

    /** All intact entries behind gaps. */
    public List<Salvage> islands() {
        return islands.all();
    }

    /** Whether nothing is missing before the first intact entries behind a gap any more. */
    public boolean joinsFirstIsland() {
        Salvage first = islands.first();
        return first != null && first.firstIndex() == lastIndex + 1;
    }

    /** The log goes on with the first intact entries behind the gap. They are durable with what has filled it, not before. */
    Salvage adopt() {
        Salvage part = join();
        // What is behind the gap is on the disk only.
        tail.resetTo(lastIndex + 1);
        return part;
    }

    private Salvage join() {
        Invariants.require(joinsFirstIsland(), "the gap behind entry " + lastIndex + " is not filled yet");
        Salvage part = islands.adopt();
        part.terms().forEach(run -> terms.append(run.index(), run.term()));
        lastIndex = part.lastIndex();
        return part;
    }

    /** Forgets what lies behind gaps. */
    void dropIslands() {
        islands.drop();
    }

    /** Whether this very entry is here, in the log, as its base, or behind a gap. */
    public boolean has(LogPosition entry) {
        Salvage part = islands.with(entry.index());
        return part != null
                ? Islands.termAt(part, entry.index()) == entry.term()
                : entry.index() > 0 && holds(entry.index(), entry.term());
    }

    private boolean holds(long index, long term) {
        return index >= baseIndex() && index <= lastIndex && termAt(index) == term;
    }

    /** The last entry here, at most the one at this place, that has the same term; 0 if there is none. A log that has this entry is the same as this one up to there (§5.3). */
    public long lastSharedWith(LogPosition entry) {
        long inIsland = islands.lastSharedWith(entry);
        if (inIsland > 0 || entry.index() < 1) {
            return inIsland;
        }
        long last = Math.min(entry.index(), lastIndex);
        long found = last < baseIndex() ? 0 : terms.lastIndexWithTermAtMost(entry.term(), last);
        return found >= baseIndex() && found > 0 && termAt(found) == entry.term() ? found : 0;
    }

    /** The last entry that is here without a gap behind this one, which is here too; 0 if it is not. */
    public long lastWithoutGap(long index) {
        if (index >= firstIndex && index <= lastIndex) {
            return lastIndex;
        }
        Salvage part = islands.with(index);
        return part == null ? 0 : part.lastIndex();
    }

    /** The newest snapshot that this node has, or null. */
    public @Nullable SnapshotMeta snapshot() {
        return snapshot;
    }

    /** The last entry that a snapshot of this node covers; 0 without one. */
    public long snapshotIndex() {
        return snapshot == null ? 0 : snapshot.index();
    }

    /** What an entry of this log has weighed on average lately; 0 if none has been appended yet. */
    public long averageWeight() {
        return weights.average();
    }

    public long lastIndex() {
        return lastIndex;
    }

    public long lastTerm() {
        return termAt(lastIndex);
    }

    public LogPosition last() {
        return new LogPosition(lastIndex, lastTerm());
    }

    /** Everything up to here is on this node's disk. */
    public long persistedIndex() {
        return persistedIndex;
    }

    public long commitIndex() {
        return commitIndex;
    }

    /** Everything up to here may be applied: committed, and durable on this node, so that no state runs ahead of its log. */
    public long applicableIndex() {
        return Math.min(commitIndex, persistedIndex);
    }

    /** The term of the entry at this index, or of the base; 0 for index 0. */
    public long termAt(long index) {
        Invariants.require(
                index >= baseIndex() && index <= lastIndex,
                "no entry " + index + " in a log of " + firstIndex + ".." + lastIndex);
        return index == 0 ? 0 : terms.termAt(index);
    }

    /**
     * Whether this log has an entry with this index and term (§5.3); index 0 with term 0 always matches. Before the base no term is known, and need not be: all
     * that is committed is the same in every log that has it, so whatever can be the term of an earlier entry matches.
     */
    public boolean matches(long index, long term) {
        if (index < 0 || index > lastIndex) {
            return false;
        }
        if (index < baseIndex()) {
            return (index == 0) == (term == 0) && term <= termAt(baseIndex());
        }
        return termAt(index) == term;
    }

    /**
     * The last index, at most {@code limit}, whose term is at most {@code term}; 0 if there is none. Both sides of a conflict
     * ask this, so that going back costs one round trip for each divergent term, not for each entry (§5.3). What lies before the base is not known: then
     * the answer is the base, or {@code limit} if that is less.
     */
    public long lastIndexWithTermAtMost(long term, long limit) {
        long known = terms.lastIndexWithTermAtMost(term, Math.min(limit, lastIndex));
        return known >= baseIndex() ? known : Math.max(0, Math.min(baseIndex(), limit));
    }

    public void append(Entry entry) {
        Invariants.require(
                entry.index() == lastIndex + 1, "entry " + entry + " does not follow a log that ends at " + lastIndex);
        terms.append(entry.index(), entry.term());
        tail.append(entry);
        weights.add(entry.weight());
        lastIndex = entry.index();
    }

    /** Cuts a conflicting suffix (§5.3). What is committed can never conflict. */
    public void truncateAfter(long index) {
        Invariants.require(
                index >= commitIndex, "entries after " + index + " cannot be cut, " + commitIndex + " is committed");
        terms.truncateAfter(index);
        tail.truncateAfter(index);
        lastIndex = index;
        persistedIndex = Math.min(persistedIndex, index);
    }

    /** Notes that the disk holds everything up to this index. */
    public void persistedTo(long index) {
        Invariants.require(
                index <= lastIndex, "entry " + index + " is reported durable in a log that ends at " + lastIndex);
        persistedIndex = Math.max(persistedIndex, index);
        evict();
    }

    /** Notes that everything up to this index is committed; never goes back. */
    public void commitTo(long index) {
        Invariants.require(
                index <= lastIndex, "entry " + index + " cannot be committed in a log that ends at " + lastIndex);
        commitIndex = Math.max(commitIndex, index);
        evict();
    }

    /** Notes that this node has this snapshot; never goes back. */
    public void remember(SnapshotMeta taken) {
        if (taken.index() > snapshotIndex()) {
            snapshot = taken;
        }
    }

    /** Forgets the entries up to this one. Only what is applicable and in a snapshot can be forgotten. */
    void compactTo(long index) {
        Invariants.require(
                index > baseIndex() && index <= Math.min(applicableIndex(), snapshotIndex()),
                "entries " + firstIndex + ".." + index + " cannot be forgotten: applicable is " + applicableIndex()
                        + ", the snapshot ends at " + snapshotIndex());
        terms.compactTo(index);
        tail.evictUpTo(index, -1);
        firstIndex = index + 1;
    }

    /**
     * A snapshot that is beyond what this log knows as committed takes its place, durably. Nothing is left of the log, but for what is intact behind a gap and continues the snapshot.
     */
    Islands.Move resetTo(SnapshotMeta installed) {
        long index = installed.index();
        Invariants.require(
                index > commitIndex,
                "a snapshot of " + index + " cannot replace a log that is committed up to " + commitIndex);
        if (index <= lastIndex) {
            // It contradicts the log, and with that what was behind it.
            islands.drop();
        }
        Islands.Move move = beginBehind(installed);
        tail.resetTo(index + 1);
        persistedIndex = index;
        commitIndex = index;
        remember(installed);
        return move;
    }

    private void evict() {
        tail.evictUpTo(applicableIndex(), maxTailBytes);
    }

    /** Entries from memory, from {@code from} to {@code to}, as many as weigh at most {@code maxWeight} but at least one; empty if {@code from} is only on disk. */
    public List<Entry> slice(long from, long to, long maxWeight) {
        return tail.slice(from, to, maxWeight);
    }
}
