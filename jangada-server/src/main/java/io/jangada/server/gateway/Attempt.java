package io.jangada.server.gateway;

import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.CommandTooLargeException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NodeFailedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.ReadTimeoutException;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.server.error.MembershipErrors;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the node: repeated while that is safe and a leader is missing, until its deadline.
 *
 * <p>It repeats only what certainly had no effect. It waits for the event that can help, a change of the node's status; where a leader
 * is known but refused, which a change on the leader's side causes and this node may hear of late, it also tries again after a short pause.
 */
final class Attempt<T> {
    private static final long PAUSE_MILLIS = 20;

    private final Supplier<CompletableFuture<T>> action;
    private final LeaderWatch watch;
    private final ScheduledExecutorService timer;
    private final long deadlineNanos;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Runnable retry = this::tryOnce;
    private volatile boolean inFlight;
    private volatile @Nullable ChangeRefusedException refused;

    Attempt(
            Supplier<CompletableFuture<T>> action,
            LeaderWatch watch,
            ScheduledExecutorService timer,
            long deadlineNanos) {
        this.action = action;
        this.watch = watch;
        this.timer = timer;
        this.deadlineNanos = deadlineNanos;
    }

    CompletableFuture<T> start() {
        tryOnce();
        if (!result.isDone()) {
            Future<?> alarm =
                    timer.schedule(this::expire, Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            Future<?> unused = result.whenComplete((value, failure) -> alarm.cancel(false));
        }
        return result;
    }

    private void tryOnce() {
        if (result.isDone()) {
            return;
        }
        long seen = watch.generation();
        inFlight = true;
        Future<?> unused = action.get().whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                failed(seen, failure instanceof CompletionException ? failure.getCause() : failure);
            }
        });
    }

    private void failed(long seen, @Nullable Throwable failure) {
        if (failure instanceof NotLeaderException || failure instanceof ReadTimeoutException) {
            inFlight = false;
            if (watch.leaderKnown()) {
                Future<?> unused = timer.schedule(retry, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } else if (!result.isDone()) {
                watch.onChangeSince(seen, retry);
            }
        } else if (failure instanceof ChangeRefusedException change && isPassing(change)) {
            inFlight = false;
            refused = change;
            Future<?> unused = timer.schedule(retry, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            result.completeExceptionally(translate(failure));
        }
    }

    /** A change that was planned on an older membership is planned anew; see {@link MembershipGateway}. */
    private static boolean isPassing(ChangeRefusedException change) {
        return change.reason() == ChangeRefusal.INDEX_MISMATCH || MembershipErrors.isPassing(change.reason());
    }

    private void expire() {
        watch.forget(retry);
        Throwable last = refused;
        if (inFlight || last == null) {
            last = new ServerException(inFlight ? ServerError.TIMED_OUT : ServerError.NO_LEADER);
        }
        result.completeExceptionally(last);
    }

    /** What the client gets for a failure of the node. */
    static Throwable translate(@Nullable Throwable failure) {
        if (failure instanceof OverloadedException overloaded) {
            boolean space = overloaded.limit() == OverloadedException.Limit.SPACE;
            return new ServerException(space ? ServerError.NO_SPACE : ServerError.TOO_MANY_REQUESTS);
        }
        if (failure instanceof CommandTooLargeException) {
            return new ServerException(ServerError.REQUEST_TOO_LARGE);
        }
        if (failure instanceof OutcomeUnknownException) {
            return new ServerException(ServerError.LEADER_FAILED);
        }
        if (failure instanceof NodeClosedException || failure instanceof NodeFailedException) {
            return new ServerException(ServerError.STOPPED);
        }
        return failure == null ? new IllegalStateException("a request failed without a cause") : failure;
    }
}
