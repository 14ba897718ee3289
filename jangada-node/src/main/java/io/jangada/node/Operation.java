package io.jangada.node;

import io.jangada.api.error.RaftException;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Event;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request that is about the group and not about its state: rare, each with a deadline of its own. */
abstract sealed class Operation extends Request {

    private Operation(long deadlineNanos) {
        super(deadlineNanos);
    }

    /** What to tell the core. */
    abstract Event event();

    /** Another membership. */
    static final class Change extends Operation {
        final CompletableFuture<MembershipAt> future = new CompletableFuture<>();
        final MembershipChange change;
        /** Where the leader has put its entry; 0 as long as that is not known. */
        long index;

        long entryTerm;
        /** Why the leader that was asked last would not take it for the moment; null if it has not said. */
        @Nullable
        ChangeRefusal inTheWay;

        /** Whether the entry at that place is committed and is the one of this change. */
        boolean established;

        Change(MembershipChange change, long deadlineNanos) {
            super(deadlineNanos);
            this.change = change;
        }

        @Override
        Event event() {
            return new Event.ChangeMembership(id, change);
        }

        @Override
        void fail(RaftException why) {
            future.completeExceptionally(why);
        }
    }

    /** Another leader: the target, or any. */
    static final class Transfer extends Operation {
        final CompletableFuture<NodeId> future = new CompletableFuture<>();
        private final NodeId target;
        private final long timeoutNanos;
        /** This node has handed over; who leads is not known yet. */
        boolean handedOver;

        Transfer(NodeId target, long timeoutNanos, long deadlineNanos) {
            super(deadlineNanos);
            this.target = target;
            this.timeoutNanos = timeoutNanos;
        }

        @Override
        Event event() {
            return new Event.Transfer(id, target, timeoutNanos);
        }

        @Override
        void fail(RaftException why) {
            future.completeExceptionally(why);
        }
    }

    /** No leader on this node. */
    static final class StepDown extends Operation {
        final CompletableFuture<Void> future = new CompletableFuture<>();

        StepDown(long deadlineNanos) {
            super(deadlineNanos);
        }

        @Override
        Event event() {
            return new Event.StepDown(id);
        }

        @Override
        void fail(RaftException why) {
            future.completeExceptionally(why);
        }
    }
}
