package io.jangada.core.log;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Invariants;
import io.jangada.core.model.LogState;
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
    private final boolean beginsAnew;
    private final EntryWeights weights = new EntryWeights();
    private @Nullable SnapshotMeta snapshot;
    private long firstIndex;
    private long lastIndex;
    private long persistedIndex;
    private long commitIndex;

    /**
     * The log that the disk remembered. A snapshot that lies beyond it or contradicts it, after a crash between the two, wins: the log begins anew behind it
     * (trap 21). Throws {@link IllegalArgumentException} if the state machine has applied entries that this loses.
     */
    public RaftLog(Recovered recovered, long maxTailBytes) {
        LogState log = recovered.log();
        this.snapshot = recovered.snapshot();
        TermRuns known = new TermRuns(log.firstIndex() - 1, log.prevTerm(), log.terms());
        boolean lacksSnapshot = snapshot != null
                && (snapshot.index() > log.lastIndex() || known.termAt(snapshot.index()) != snapshot.term());
        if (snapshot != null && lacksSnapshot) {
            if (recovered.applied() > snapshot.index()) {
                throw new IllegalArgumentException("the state machine has applied up to " + recovered.applied()
                        + ", but the log contradicts the snapshot that ends at " + snapshot.index()
                        + ": the folder of this node is damaged. Restore it, or remove the member and add a new one");
            }
            known.resetTo(snapshot.index(), snapshot.term());
            this.firstIndex = snapshot.index() + 1;
            this.lastIndex = snapshot.index();
        } else {
            this.firstIndex = log.firstIndex();
            this.lastIndex = log.lastIndex();
        }
        this.beginsAnew = lacksSnapshot;
        this.terms = known;
        this.tail = new EntryTail(lastIndex + 1);
        this.maxTailBytes = maxTailBytes;
        this.persistedIndex = lastIndex;
        this.commitIndex = recovered.applied();
    }

    public long firstIndex() {
        return firstIndex;
    }

    /** The entry before the first one; 0 in a log that was never compacted. */
    public long baseIndex() {
        return firstIndex - 1;
    }

    /** Whether what the disk remembered of the log was forgotten for the recovered snapshot: the first step tells the disk. */
    public boolean beginsAnew() {
        return beginsAnew;
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

    /** Forgets everything: a snapshot that is beyond what this log knows as committed takes its place, durably. */
    void resetTo(SnapshotMeta installed) {
        long index = installed.index();
        Invariants.require(
                index > commitIndex,
                "a snapshot of " + index + " cannot replace a log that is committed up to " + commitIndex);
        terms.resetTo(index, installed.term());
        tail.resetTo(index + 1);
        firstIndex = index + 1;
        lastIndex = index;
        persistedIndex = index;
        commitIndex = index;
        remember(installed);
    }

    private void evict() {
        tail.evictUpTo(applicableIndex(), maxTailBytes);
    }

    /** Entries from memory, from {@code from} to {@code to}, as many as weigh at most {@code maxWeight} but at least one; empty if {@code from} is only on disk. */
    public List<Entry> slice(long from, long to, long maxWeight) {
        return tail.slice(from, to, maxWeight);
    }
}
