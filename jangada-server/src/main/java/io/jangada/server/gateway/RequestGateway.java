package io.jangada.server.gateway;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The way of clients' requests into the node.
 *
 * <p>Waits out elections up to the deadline, never repeats a command whose outcome is unknown, and holds a limited number of requests.
 * Futures fail with {@link ServerException} and complete on threads of the node or of the timer: do not block in what you chain to them.
 *
 * @param <R> the result of a command
 */
public final class RequestGateway<R> {

    /** Entries committed and not yet applied here above which writes are refused, as in etcd. */
    private static final long MAX_APPLY_LAG = 5_000;

    private final RaftNode<R> node;
    private final LeaderWatch watch;
    private final int maxPending;
    private final AtomicInteger pending = new AtomicInteger();

    public RequestGateway(RaftNode<R> node, LeaderWatch watch, int maxPending) {
        this.node = node;
        this.watch = watch;
        this.maxPending = maxPending;
    }

    /** Replicates a command. {@code timer} watches over the deadline, a time of {@link System#nanoTime}. */
    public CompletableFuture<R> propose(byte[] command, long deadlineNanos, ScheduledExecutorService timer) {
        NodeStatus status = node.status();
        if (status.raft().commitIndex() - status.appliedIndex() > MAX_APPLY_LAG) {
            return CompletableFuture.failedFuture(new ServerException(ServerError.TOO_MANY_REQUESTS));
        }
        return admit(() -> node.propose(command), deadlineNanos, timer);
    }

    /** Completes when a read of this node's store is linearizable. */
    public CompletableFuture<Long> readBarrier(long deadlineNanos, ScheduledExecutorService timer) {
        return admit(node::readBarrier, deadlineNanos, timer);
    }

    private <T> CompletableFuture<T> admit(
            Supplier<CompletableFuture<T>> action, long deadlineNanos, ScheduledExecutorService timer) {
        if (pending.incrementAndGet() > maxPending) {
            pending.decrementAndGet();
            return CompletableFuture.failedFuture(new ServerException(ServerError.TOO_MANY_REQUESTS));
        }
        return new Attempt<>(action, watch, timer, deadlineNanos)
                .start()
                .whenComplete((value, failure) -> pending.decrementAndGet());
    }
}
