package io.jangada.core.election;

import io.jangada.core.log.RaftLog;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.HardState;

/** Who may have this node's vote. */
public final class VoteRules {

    private VoteRules() {}

    /** RequestVote, receiver rule 2 (Figure 2, §5.4.1), for a request of the present term. */
    public static boolean grantsVote(HardState state, RaftLog log, VoteRequest request) {
        boolean free = state.votedFor().isNone() || state.votedFor().equals(request.from());
        return request.term() == state.term() && free && upToDate(log, request.lastLogIndex(), request.lastLogTerm());
    }

    /** Thesis §9.6: yes if a vote in that term would be possible, and no leader has been heard of for a while. */
    public static boolean grantsPreVote(HardState state, RaftLog log, PreVoteRequest request, boolean leaderIsLive) {
        return !leaderIsLive
                && request.term() > state.term()
                && upToDate(log, request.lastLogIndex(), request.lastLogTerm());
    }

    /** §5.4.1: the log whose last entry has the later term, or the same term and is at least as long. The term decides first (trap 18). */
    private static boolean upToDate(RaftLog log, long lastIndex, long lastTerm) {
        return lastTerm != log.lastTerm() ? lastTerm > log.lastTerm() : lastIndex >= log.lastIndex();
    }
}
