package io.jangada.testkit.check;

import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A node votes for at most one candidate in each term, whatever it forgets in a crash (§5.2, trap 2). */
public final class OneVotePerTerm {
    private final Map<Long, Map<NodeId, NodeId>> votes = new HashMap<>();

    /** The voter's vote for this candidate has left the voter; a candidate's request is its vote for itself. */
    public void votes(NodeId voter, long term, NodeId candidate) {
        NodeId earlier = votes.computeIfAbsent(term, any -> new HashMap<>()).putIfAbsent(voter, candidate);
        if (earlier != null && !earlier.equals(candidate)) {
            throw new SafetyViolation(
                    "OneVotePerTerm",
                    "node " + voter + " voted in term " + term + " for " + earlier + " and for " + candidate);
        }
    }

    /** Who has voted for this candidate in this term so far. */
    public Set<NodeId> votersOf(NodeId candidate, long term) {
        Set<NodeId> voters = new TreeSet<>();
        votes.getOrDefault(term, Map.of()).forEach((voter, chosen) -> {
            if (chosen.equals(candidate)) {
                voters.add(voter);
            }
        });
        return voters;
    }
}
