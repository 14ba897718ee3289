package io.jangada.core.replication;

import io.jangada.core.log.RaftLog;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.quorum.Quorum;
import java.util.function.ToLongFunction;

/** What is committed: an entry of the leader's own term that a majority has durably, and with it everything before it (§5.4.2). */
public final class CommitRule {

    private CommitRule() {}

    /** The commit index of a leader of this term, given how far each voter's log durably equals the leader's. */
    public static long commitIndex(RaftLog log, Membership membership, long term, ToLongFunction<NodeId> matchIndex) {
        long majority = Quorum.reachedByMajority(membership, matchIndex);
        // Entries of earlier terms are never committed by counting (Figure 8, trap 4).
        return majority > log.commitIndex() && log.termAt(majority) == term ? majority : log.commitIndex();
    }
}
