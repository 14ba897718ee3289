package io.jangada.core.role;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.TimeoutNow;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.model.Membership;

/**
 * Whose messages a node looks at.
 *
 * <p>Members', of course. A node may know less of the membership than others do, so it also listens to whom it does not know as far as that is needed for progress
 * (thesis §4.1): to a leader, and to a candidate whose log goes beyond its own, since the entry that made it a member lies there. Nobody else can move it: neither who was
 * removed nor who was never added (trap 10), nor who comes under a member's name with another data folder (trap 47).
 */
final class Door {
    private final Context context;

    Door(Context context) {
        this.context = context;
    }

    boolean admits(Message message) {
        if (message.from().equals(context.self())
                || message.from().isNone()
                || !message.to().equals(context.self())
                || message.term() < 0) {
            return false;
        }
        Membership membership = context.membership();
        if (context.acquaintances.isImpostor(membership, message.from())) {
            return false;
        }
        return membership.isNone() || membership.isMember(message.from()) || admitsStranger(message);
    }

    private boolean admitsStranger(Message message) {
        if (message instanceof VoteRequest request) {
            return isBeyondOwnLog(request.lastLogIndex(), request.lastLogTerm());
        } else if (message instanceof PreVoteRequest request) {
            return isBeyondOwnLog(request.lastLogIndex(), request.lastLogTerm());
        }
        // One that leaves is still told that it has left, and answers, also as the leader that it was; it may hand
        // over. But it deposes nobody.
        if (isAnswer(message) || message instanceof TimeoutNow) {
            return message.term() <= context.term();
        }
        return isOfLeader(message);
    }

    private static boolean isAnswer(Message message) {
        return message instanceof AppendResponse
                || message instanceof HeartbeatResponse
                || message instanceof SnapshotResponse
                || message instanceof ForwardResponse
                || message instanceof ReadIndexResponse
                || message instanceof ChangeResponse;
    }

    private boolean isBeyondOwnLog(long lastIndex, long lastTerm) {
        long ownTerm = context.log.lastTerm();
        return lastTerm > ownTerm || (lastTerm == ownTerm && lastIndex > context.log.lastIndex());
    }

    /** Whether only leaders send this. */
    static boolean isOfLeader(Message message) {
        return message instanceof AppendRequest
                || message instanceof HeartbeatRequest
                || message instanceof CommitNotice
                || message instanceof SnapshotRequest;
    }
}
