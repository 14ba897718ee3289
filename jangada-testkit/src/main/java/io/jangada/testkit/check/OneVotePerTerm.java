package io.jangada.testkit.check;

import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;

/** A node votes for at most one candidate in each term, whatever it forgets in a crash (§5.2, trap 2). */
public final class OneVotePerTerm {
    private record Ballot(NodeId voter, long term) {}

    private final Map<Ballot, NodeId> votes = new HashMap<>();

    /** The voter's vote for this candidate has left the voter; a candidate's request is its vote for itself. */
    public void votes(NodeId voter, long term, NodeId candidate) {
        NodeId earlier = votes.putIfAbsent(new Ballot(voter, term), candidate);
        if (earlier != null && !earlier.equals(candidate)) {
            throw new SafetyViolation(
                    "OneVotePerTerm",
                    "node " + voter + " voted in term " + term + " for " + earlier + " and for " + candidate);
        }
    }
}
