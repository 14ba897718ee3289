package io.jangada.core.log;

import io.jangada.core.config.Recovered;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Invariants;
import java.util.List;

/**
 * The log of this node as the protocol sees it: every term, the newest entries, and how far it is durable and committed.
 *
 * <p>Changes are made in memory here and, in the same step, in the {@link WriteStream}.
 */
public final class RaftLog {
    private final TermRuns terms;
    private final EntryTail tail;
    private final long maxTailBytes;
    private final long firstIndex;
    private long lastIndex;
    private long persistedIndex;
    private long commitIndex;

    public RaftLog(Recovered recovered, long maxTailBytes) {
        this.terms = new TermRuns(recovered.log().terms());
        this.firstIndex = recovered.log().firstIndex();
        this.lastIndex = recovered.log().lastIndex();
        this.tail = new EntryTail(lastIndex + 1);
        this.maxTailBytes = maxTailBytes;
        this.persistedIndex = lastIndex;
        this.commitIndex = recovered.applied();
    }

    public long firstIndex() {
        return firstIndex;
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

    /** The term of the entry at this index; 0 for index 0. */
    public long termAt(long index) {
        Invariants.require(
                index >= 0 && index <= lastIndex, "no entry " + index + " in a log that ends at " + lastIndex);
        return index == 0 ? 0 : terms.termAt(index);
    }

    /** Whether this log has an entry with this index and term (§5.3); index 0 with term 0 always matches. */
    public boolean matches(long index, long term) {
        return index <= lastIndex && index >= 0 && termAt(index) == term;
    }

    /**
     * The last index, at most {@code limit}, whose term is at most {@code term}; 0 if there is none. Both sides of a conflict
     * ask this, so that going back costs one round trip for each divergent term, not for each entry (§5.3).
     */
    public long lastIndexWithTermAtMost(long term, long limit) {
        return terms.lastIndexWithTermAtMost(term, Math.min(limit, lastIndex));
    }

    public void append(Entry entry) {
        Invariants.require(
                entry.index() == lastIndex + 1, "entry " + entry + " does not follow a log that ends at " + lastIndex);
        terms.append(entry.index(), entry.term());
        tail.append(entry);
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

    private void evict() {
        tail.evictUpTo(applicableIndex(), maxTailBytes);
    }

    /** Entries from memory, from {@code from} to {@code to}, as many as weigh at most {@code maxWeight} but at least one; empty if {@code from} is only on disk. */
    public List<Entry> slice(long from, long to, long maxWeight) {
        return tail.slice(from, to, maxWeight);
    }
}
