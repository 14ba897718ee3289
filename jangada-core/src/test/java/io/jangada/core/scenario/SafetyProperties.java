package io.jangada.core.scenario;

import io.jangada.core.RaftStatus;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Figure 3's properties, looked at after everything that happens in a scenario. */
final class SafetyProperties {
    private final Map<Long, NodeId> leaderOfTerm = new HashMap<>();
    private final TreeMap<Long, Entry> committed = new TreeMap<>();
    private final Map<Long, String> stateAt = new HashMap<>();

    void check(ScenarioNode node) {
        RaftStatus status = node.raft().status();
        committedNeverChanges(node, status.commitIndex());
        if (status.leads()) {
            electionSafety(status);
            leaderCompleteness(node, status);
        }
        stateMachineSafety(node);
    }

    private void electionSafety(RaftStatus status) {
        NodeId before = leaderOfTerm.putIfAbsent(status.term(), status.self());
        if (before != null && !before.equals(status.self())) {
            throw new AssertionError("two leaders in term " + status.term() + ": " + before + " and " + status.self());
        }
    }

    /** Only of the newest leader is it said; an older one that does not know it yet commits nothing. */
    private void leaderCompleteness(ScenarioNode leader, RaftStatus status) {
        long newest =
                leaderOfTerm.keySet().stream().mapToLong(term -> term).max().orElse(0);
        Map.Entry<Long, Entry> last = committed.lastEntry();
        if (status.term() < newest
                || last == null
                || last.getKey() <= leader.log().baseIndex()) {
            return;
        }
        if (!leader.log().has(last.getKey()) || !leader.log().at(last.getKey()).equals(last.getValue())) {
            throw new AssertionError("leader " + leader.id() + " lacks the committed entry " + last.getValue());
        }
    }

    private void committedNeverChanges(ScenarioNode node, long commitIndex) {
        for (long index = commitIndex; index > node.log().baseIndex(); index--) {
            Entry here = node.log().at(index);
            Entry known = committed.putIfAbsent(index, here);
            if (known == null) {
                continue;
            }
            if (!known.equals(here)) {
                throw new AssertionError("node " + node.id() + " has committed " + here + " where " + known + " was");
            }
        }
    }

    private void stateMachineSafety(ScenarioNode node) {
        String state = String.join(",", node.state());
        String known = stateAt.putIfAbsent(node.applied(), state);
        if (known != null && !known.equals(state)) {
            throw new AssertionError("node " + node.id() + " has applied up to " + node.applied() + " and has [" + state
                    + "] where [" + known + "] was");
        }
    }

    /** Log Matching: where two logs agree in index and term, they agree in everything before. */
    static void logMatching(Collection<ScenarioNode> nodes) {
        for (ScenarioNode a : nodes) {
            for (ScenarioNode b : nodes) {
                boolean agree = false;
                long from = Math.max(a.log().baseIndex(), b.log().baseIndex());
                for (long index = Math.min(a.log().lastIndex(), b.log().lastIndex()); index > from; index--) {
                    Entry here = a.log().at(index);
                    Entry there = b.log().at(index);
                    agree |= here.term() == there.term();
                    if (agree && !here.equals(there)) {
                        throw new AssertionError(
                                "logs of " + a.id() + " and " + b.id() + " differ at " + index + " and agree after it");
                    }
                }
            }
        }
    }
}
