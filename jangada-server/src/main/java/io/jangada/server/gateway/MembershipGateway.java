package io.jangada.server.gateway;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.error.NotLeaderException;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way of membership changes into the node.
 *
 * <p>A change is planned on the membership as this node knows it, and carried out only if that is still the latest one; else it is planned anew, up to the deadline. So two
 * changes that do not know of each other cannot both be right and together be wrong. Futures fail as those of {@link RequestGateway}, or with {@link
 * io.jangada.api.error.ChangeRefusedException} or {@link io.jangada.api.error.TransferFailedException}.
 */
public final class MembershipGateway {
    /** How long a new voter may take to get the state; who adds one does not wait that long. */
    private static final Duration PROMOTION_LIMIT = Duration.ofMinutes(30);

    private static final long LOOK_AGAIN_MILLIS = 10;

    private final RaftNode<?> node;
    private final LeaderWatch watch;

    public MembershipGateway(RaftNode<?> node, LeaderWatch watch) {
        this.node = node;
        this.watch = watch;
    }

    /** Makes a change from the present membership, or throws what the client gets. */
    @FunctionalInterface
    public interface Plan extends Function<MembershipAt, MembershipChange> {}

    /** Changes the membership; completes when nothing of the change is under way any more. */
    public CompletableFuture<MembershipAt> change(Plan plan, long deadlineNanos, ScheduledExecutorService timer) {
        Supplier<CompletableFuture<MembershipAt>> action =
                () -> planned(plan, Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
        return new Attempt<>(action, watch, timer, deadlineNanos).start();
    }

    /**
     * Adds a member; completes as soon as it is one, committed, though a new voter votes only when it has been started and has caught up.
     */
    public CompletableFuture<MembershipAt> add(
            NodeId added, Plan plan, long deadlineNanos, ScheduledExecutorService timer) {
        CompletableFuture<MembershipAt> done = new CompletableFuture<>();
        Future<?> unused = new Attempt<>(() -> planned(plan, PROMOTION_LIMIT), watch, timer, deadlineNanos)
                .start()
                .whenComplete((membership, failure) -> {
                    if (failure == null) {
                        done.complete(membership);
                    } else if (!finishIfAdded(added, done)) {
                        done.completeExceptionally(failure);
                    }
                });
        lookAgain(added, done, timer);
        return done;
    }

    private void lookAgain(NodeId added, CompletableFuture<MembershipAt> done, ScheduledExecutorService timer) {
        if (!done.isDone() && !finishIfAdded(added, done)) {
            Future<?> unused =
                    timer.schedule(() -> lookAgain(added, done, timer), LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean finishIfAdded(NodeId added, CompletableFuture<MembershipAt> done) {
        NodeStatus status = node.status();
        MembershipAt now = status.raft().membership();
        boolean there = now.membership().isMember(added) && status.raft().commitIndex() >= now.index();
        if (there) {
            done.complete(now);
        }
        return there;
    }

    private CompletableFuture<MembershipAt> planned(Plan plan, Duration timeout) {
        MembershipAt now = node.status().raft().membership();
        try {
            return node.changeMembership(plan.apply(now).ifAt(now.index()), timeout);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Makes another voter lead, or the best one for {@link NodeId#NONE}; only where this node leads. */
    public CompletableFuture<NodeId> transfer(NodeId target, long deadlineNanos) {
        Duration timeout = Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
        return node.transferLeadership(target, timeout)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(transferFailure(failure)));
    }

    private static Throwable transferFailure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof NotLeaderException
                ? new ServerException(ServerError.NOT_LEADER)
                : Attempt.translate(cause);
    }
}
