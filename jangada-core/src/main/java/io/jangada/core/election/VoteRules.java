package io.jangada.core.election;

import io.jangada.core.log.RaftLog;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogPosition;

/** Who may have this node's vote. */
public final class VoteRules {

    private VoteRules() {}

    /** RequestVote, receiver rule 2 (Figure 2, §5.4.1), for a request of the present term. */
    public static Grant vote(HardState state, RaftLog log, VoteRequest request) {
        boolean free = state.votedFor().isNone() || state.votedFor().equals(request.from());
        return request.term() == state.term() && free
                ? upToDate(log, new LogPosition(request.lastLogIndex(), request.lastLogTerm()))
                : Grant.NONE;
    }

    /** Thesis §9.6: yes if a vote in that term would be possible, and no leader has been heard of for a while. */
    public static Grant preVote(HardState state, RaftLog log, PreVoteRequest request, boolean leaderIsLive) {
        return !leaderIsLive && request.term() > state.term()
                ? upToDate(log, new LogPosition(request.lastLogIndex(), request.lastLogTerm()))
                : Grant.NONE;
    }

    /**
     * What a node's vote for itself is worth. One that lacks what it certainly promised cannot vouch for its own log; it may stand all the same, and win by the votes of others, which then
     * vouch that what it lacks was never committed.
     */
    public static Grant own(RaftLog log) {
        return upToDate(log, log.last());
    }

    /**
     * §5.4.1: the log whose last entry has the later term, or the same term and is at least as long. The term decides first (trap 18). A node whose disk was damaged judges as if it still
     * had what it promised, and says so where it cannot know whether it had promised that much.
     */
    private static Grant upToDate(RaftLog log, LogPosition asker) {
        if (log.last().isAfter(asker) || log.promised().certain().isAfter(asker)) {
            return Grant.NONE;
        }
        return log.promised().possible().isAfter(asker) ? Grant.DOUBTFUL : Grant.PLAIN;
    }
}
