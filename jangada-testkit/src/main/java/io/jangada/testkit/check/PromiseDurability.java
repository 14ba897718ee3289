package io.jangada.testkit.check;

import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;

/** Nothing is promised before it is durable: votes, candidacies, and the receipt of entries (rule 3, traps 2 and 3). */
public final class PromiseDurability {
    private static final String PROMISE = "PromiseDurability";

    /** This message leaves its sender now, whose disk holds what the mirror says. */
    public void sent(Message message, LogMirror sender) {
        if (message instanceof VoteRequest request) {
            vote(request.from(), request.term(), request.from(), sender);
        } else if (message instanceof VoteResponse response && response.granted()) {
            vote(response.from(), response.term(), response.to(), sender);
        } else if (message instanceof AppendResponse response && response.success()) {
            entries(response.from(), response.term(), response.matchIndex(), sender);
        } else if (message instanceof SnapshotResponse response && response.outcome() == SnapshotOutcome.INSTALLED) {
            entries(response.from(), response.term(), response.snapshotIndex(), sender);
        }
    }

    private static void vote(NodeId voter, long term, NodeId candidate, LogMirror mirror) {
        HardState durable = mirror.durableHardState();
        boolean known = durable.term() > term
                || (durable.term() == term && durable.votedFor().equals(candidate));
        if (!known) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + voter + " votes for " + candidate + " in term " + term + ", but its disk knows term "
                            + durable.term() + " and a vote for " + durable.votedFor());
        }
    }

    private static void entries(NodeId node, long term, long index, LogMirror mirror) {
        boolean superseded = mirror.durableHardState().term() > term;
        if (!superseded && mirror.lastDurable() < index) {
            throw new SafetyViolation(
                    PROMISE,
                    "node " + node + " says it has entries up to " + index + ", but its disk holds them only up to "
                            + mirror.lastDurable());
        }
    }
}
