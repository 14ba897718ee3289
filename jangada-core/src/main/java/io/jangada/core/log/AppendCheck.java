package io.jangada.core.log;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.model.Entry;
import java.util.List;

/**
 * The answer to the question what an AppendEntries request does to this log (Figure 2, receiver rules 2 to 4).
 *
 * @param verdict whether the request fits
 * @param truncateAfter where to cut before appending, if the verdict is {@code CONFLICT}
 * @param fresh the entries that the log does not have yet; what it has already is never cut or written again (trap 12)
 */
public record AppendCheck(Verdict verdict, long truncateAfter, List<Entry> fresh) {

    /** What becomes of a request. */
    public enum Verdict {
        /** The log lacks the entry before the first, or has another one there. */
        MISMATCH,
        /** The request is not one that a leader can have sent. */
        MALFORMED,
        /** Fits; {@code fresh} may be empty. */
        FITS,
        /** Fits, after everything behind {@code truncateAfter} has been cut. */
        CONFLICT
    }

    public static AppendCheck of(RaftLog log, AppendRequest request) {
        if (!wellFormed(request)) {
            return new AppendCheck(Verdict.MALFORMED, 0, List.of());
        }
        if (!log.matches(request.prevLogIndex(), request.prevLogTerm())) {
            return new AppendCheck(Verdict.MISMATCH, 0, List.of());
        }
        List<Entry> entries = request.entries();
        int known = 0;
        while (known < entries.size()
                && log.matches(entries.get(known).index(), entries.get(known).term())) {
            known++;
        }
        List<Entry> fresh = entries.subList(known, entries.size());
        if (fresh.isEmpty() || fresh.get(0).index() > log.lastIndex()) {
            return new AppendCheck(Verdict.FITS, 0, fresh);
        }
        long keep = fresh.get(0).index() - 1;
        // What is committed cannot conflict: a request that says so comes from no leader of this cluster's history.
        return keep < log.commitIndex()
                ? new AppendCheck(Verdict.MALFORMED, 0, List.of())
                : new AppendCheck(Verdict.CONFLICT, keep, fresh);
    }

    /** Contiguous from the previous entry, terms never falling and never above the leader's own. */
    private static boolean wellFormed(AppendRequest request) {
        if (request.prevLogIndex() < 0 || request.prevLogTerm() < 0 || request.leaderCommit() < 0) {
            return false;
        }
        long index = request.prevLogIndex();
        long term = request.prevLogTerm();
        for (Entry entry : request.entries()) {
            if (entry.index() != ++index || entry.term() < term) {
                return false;
            }
            term = entry.term();
        }
        return term <= request.term() && (request.prevLogIndex() == 0) == (request.prevLogTerm() == 0);
    }
}
