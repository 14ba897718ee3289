package io.jangada.node;

import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.TransferOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The transfers of leadership and step-downs this node was asked for, until it is known who leads. They are never repeated from here. */
final class Handovers {
    private final Map<Long, Operation> open = new LinkedHashMap<>();

    int size() {
        return open.size();
    }

    void arrived(long id, Operation operation) {
        operation.id = id;
        open.put(id, operation);
    }

    void ended(Effects.TransferEnded ended, RaftStatus status) {
        Operation operation = open.get(ended.requestId());
        if (operation == null) {
            return;
        }
        if (ended.outcome() == TransferOutcome.NOT_LEADER) {
            end(operation, new NotLeaderException(status.leader()));
        } else if (ended.outcome() != TransferOutcome.DONE) {
            end(operation, new TransferFailedException(ended.outcome()));
        } else if (operation instanceof Operation.StepDown stepDown) {
            open.remove(stepDown.id);
            stepDown.future.complete(null);
        } else if (operation instanceof Operation.Transfer transfer) {
            transfer.handedOver = true;
            leadershipChanged(status);
        }
    }

    void leadershipChanged(RaftStatus status) {
        NodeId leader = status.leader();
        if (leader.isNone()) {
            return;
        }
        for (Operation operation : List.copyOf(open.values())) {
            if (operation instanceof Operation.Transfer transfer && transfer.handedOver) {
                open.remove(transfer.id);
                transfer.future.complete(leader);
            }
        }
    }

    void expire(long nowNanos) {
        for (Operation operation : List.copyOf(open.values())) {
            if (nowNanos - operation.deadlineNanos >= 0) {
                boolean gone = operation instanceof Operation.Transfer transfer && transfer.handedOver;
                end(
                        operation,
                        new OutcomeUnknownException(
                                gone
                                        ? "this node has handed leadership over, but hears of no leader; look at the other nodes"
                                        : "how it ended was not heard of in time; look at the status of the node"));
            }
        }
    }

    private void end(Operation operation, RaftException why) {
        open.remove(operation.id);
        operation.fail(why);
    }

    /** The node stops: nothing stays open. */
    void endAll(Supplier<RaftException> untouched) {
        for (Operation operation : open.values()) {
            operation.fail(
                    operation.isHeld()
                            ? untouched.get()
                            : new OutcomeUnknownException("this node stopped while it handed leadership over"));
        }
        open.clear();
    }

    long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (Operation operation : open.values()) {
            next = Math.min(next, operation.deadlineNanos);
        }
        return next;
    }
}
