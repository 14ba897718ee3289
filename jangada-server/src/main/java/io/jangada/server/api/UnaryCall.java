package io.jangada.server.api;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.kv.model.KvException;
import io.jangada.server.error.ExplainedException;
import io.jangada.server.error.MembershipErrors;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a client: when it began, how long it may take, and where its answer goes. The answer is made and sent on the event loop
 * of the call's connection, in one hop from wherever the result came up.
 */
final class UnaryCall<T> {
    private static final Logger LOG = LoggerFactory.getLogger(UnaryCall.class);

    /** A client that allows less time than the server gets its answer this much before its own clock runs out. */
    private static final long CLIENT_MARGIN_MILLIS = 50;

    private final String method;
    private final StreamObserver<T> observer;
    private final EventLoop eventLoop;
    private final CallLimits limits;
    private final long startNanos = System.nanoTime();
    private final long deadlineNanos;

    private UnaryCall(String method, StreamObserver<T> observer, ServiceRequestContext context, CallLimits limits) {
        this.method = method;
        this.observer = observer;
        this.eventLoop = context.eventLoop().withoutContext();
        this.limits = limits;
        long allowedMillis = limits.requestTimeout().toMillis();
        long clientMillis = context.requestTimeoutMillis();
        if (clientMillis > 0) {
            long margin = Math.min(CLIENT_MARGIN_MILLIS, clientMillis / 10);
            allowedMillis = Math.min(allowedMillis, clientMillis - margin);
        }
        this.deadlineNanos = startNanos + allowedMillis * 1_000_000;
    }

    /** Begins the call that the calling thread, an event loop, has just brought. */
    static <T> UnaryCall<T> begin(String method, StreamObserver<T> observer, CallLimits limits) {
        ServiceRequestContext context = ServiceRequestContext.current();
        if (observer instanceof ServerCallStreamObserver<T> call) {
            // With a handler in place, an answer to a client that has gone is dropped silently.
            call.setOnCancelHandler(() -> LOG.debug("{} was cancelled by its client", method));
        }
        return new UnaryCall<>(method, observer, context, limits);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Runs a step of the call here; whatever it throws is the call's answer. */
    void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Answers with what the supplier makes, or with what it throws; runs it on the event loop. */
    void reply(Supplier<T> answer) {
        if (eventLoop.inEventLoop()) {
            step(() -> send(answer.get()));
        } else {
            eventLoop.execute(() -> step(() -> send(answer.get())));
        }
    }

    /** Answers with what the function makes of the outcome, when that is there, or with its failure. */
    <A> void answer(CompletableFuture<A> outcome, Function<A, T> answer) {
        Future<?> unused = outcome.whenComplete((value, failure) -> {
            if (failure == null) {
                reply(() -> answer.apply(value));
            } else {
                fail(failure);
            }
        });
    }

    /** Answers with an error. */
    void fail(Throwable failure) {
        Throwable cause = cause(failure);
        limits.refusals().countIfRefused(cause);
        Status status = status(cause);
        if (eventLoop.inEventLoop()) {
            sendError(status);
        } else {
            eventLoop.execute(() -> sendError(status));
        }
    }

    private void send(T answer) {
        observer.onNext(answer);
        observer.onCompleted();
        noteIfSlow("ok");
    }

    private void sendError(Status status) {
        observer.onError(new StatusRuntimeException(status));
        noteIfSlow(String.valueOf(status.getDescription()));
    }

    private void noteIfSlow(String outcome) {
        long tookMillis = (System.nanoTime() - startNanos) / 1_000_000;
        Duration slow = limits.slowRequest();
        if (!slow.isZero() && tookMillis > slow.toMillis()) {
            LOG.warn("slow request: {} took {} ms: {}", method, tookMillis, outcome);
        }
    }

    /** What went wrong, without the wrapping of futures. */
    private static Throwable cause(Throwable failure) {
        Throwable inner = failure instanceof CompletionException ? failure.getCause() : null;
        return inner == null ? failure : cause(inner);
    }

    private Status status(Throwable failure) {
        if (failure instanceof KvException refused) {
            return ServerError.statusOf(refused.error());
        }
        if (failure instanceof ServerException known) {
            return known.error().status();
        }
        if (failure instanceof ExplainedException explained) {
            return explained.status();
        }
        if (failure instanceof ChangeRefusedException refused) {
            return MembershipErrors.statusOf(refused.reason());
        }
        if (failure instanceof TransferFailedException refused) {
            return MembershipErrors.statusOf(refused.outcome());
        }
        if (failure instanceof RejectedExecutionException) {
            return ServerError.TOO_MANY_REQUESTS.status();
        }
        if (failure instanceof UnknownNameException unknown) {
            return Status.INVALID_ARGUMENT.withDescription(unknown.getMessage());
        }
        LOG.error("{} failed in an unexpected way", method, failure);
        return Status.INTERNAL.withDescription("etcdserver: internal error: " + failure);
    }
}
