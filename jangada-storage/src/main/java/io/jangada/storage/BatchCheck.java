package io.jangada.storage;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.step.WriteBatch;
import io.jangada.core.step.WriteBatch.SalvageFate;
import java.util.List;

/** What must hold for a batch before it becomes part of the log; a batch that breaks it is a bug, and never written. */
final class BatchCheck {
    private BatchCheck() {}

    /** Throws {@link IllegalStateException} unless the batch continues a log that is like this. */
    static void require(WriteBatch batch, HardState current, LogIndex log) {
        HardState next = batch.hardState();
        if (next != null) {
            requireProgress(current, next);
        }
        LogBase base = batch.base();
        if (base != null) {
            requireBase(base, log);
        }
        long before = base != null ? base.index() : log.baseIndex();
        boolean reset = base != null && base.reset();
        long lastIndex = reset ? before : log.lastIndexFrom(before);
        long after = batch.truncates() ? batch.truncateAfter() : lastIndex;
        if (after < before || after > lastIndex) {
            throw new IllegalStateException(
                    "log cut after " + after + ", but it holds " + (before + 1) + ".." + lastIndex);
        }
        long term = base != null && after == before ? base.term() : log.termAnywhere(after);
        requireContiguous(batch.entries(), after, term);
        long salvage = reset || batch.truncates() ? Long.MAX_VALUE : log.firstOfIslandsBehind(before);
        long last = after + batch.entries().size();
        if (batch.salvage() == SalvageFate.ADOPT && last != salvage - 1) {
            throw new IllegalStateException("the log, which ends with entry " + last
                    + ", is to go on with what is intact from entry " + salvage + " on");
        }
    }

    /** What becomes of the salvage: entries that are written over it drop it, whether the batch says so or not. */
    static SalvageFate fateOfSalvage(WriteBatch batch, LogIndex log) {
        List<Entry> entries = batch.entries();
        LogBase base = batch.base();
        if (batch.salvage() != SalvageFate.KEEP || entries.isEmpty() || !log.hasIslands()) {
            return batch.salvage();
        }
        long salvage = base == null ? log.firstOfIslands() : log.firstOfIslandsBehind(base.index());
        return entries.get(entries.size() - 1).index() >= salvage ? SalvageFate.DROP : SalvageFate.KEEP;
    }

    /**
     * What stays of a log follows its base, which never goes back (trap 21). Only a log that begins anew may begin earlier: one whose snapshot has been lost, and to which a leader has sent
     * what it had compacted.
     */
    private static void requireBase(LogBase base, LogIndex log) {
        boolean fits = base.reset()
                || (base.index() >= log.baseIndex()
                        && (base.index() <= log.lastIndex() || log.hasIslands())
                        && (base.term() == log.termAnywhere(base.index()) || log.isInGap(base.index())));
        if (!fits) {
            throw new IllegalStateException(base + " for a log that begins behind " + log.baseIndex() + "@"
                    + log.termOf(log.baseIndex()) + " and ends with " + log.lastIndex() + "@" + log.lastTerm());
        }
    }

    /** Terms never go back, and a vote once given in a term stays (§5.2). */
    private static void requireProgress(HardState current, HardState next) {
        boolean changedVote = next.term() == current.term()
                && !current.votedFor().isNone()
                && !next.votedFor().equals(current.votedFor());
        if (next.term() < current.term() || changedVote) {
            throw new IllegalStateException("hard state " + next + " after " + current);
        }
    }

    private static void requireContiguous(List<Entry> entries, long after, long lastTerm) {
        long index = after;
        long term = Math.max(1, lastTerm);
        for (Entry entry : entries) {
            index++;
            if (entry.index() != index || entry.term() < term) {
                throw new IllegalStateException(
                        "entry " + entry + " where entry " + index + " of term " + term + " or later comes next");
            }
            term = entry.term();
        }
    }
}
