package io.jangada.server.api;

import io.jangada.api.error.OverloadedException;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

/** The number of requests that were refused because a limit was reached, by kind of limit, since this server was started. Any thread. */
public final class Refusals {
    private final LongAdder forWork = new LongAdder();
    private final LongAdder forSpace = new LongAdder();

    /** How many there were. */
    public long of(OverloadedException.Limit limit) {
        return counter(limit).sum();
    }

    void count(OverloadedException.Limit limit) {
        counter(limit).increment();
    }

    /** Counts what a call ends with, if it is a refusal: the node's, the gateway's, or that of the threads that read. */
    void countIfRefused(Throwable failure) {
        if (failure instanceof RejectedExecutionException) {
            count(OverloadedException.Limit.WORK);
        } else if (failure instanceof ServerException known) {
            if (known.error() == ServerError.TOO_MANY_REQUESTS) {
                count(OverloadedException.Limit.WORK);
            } else if (known.error() == ServerError.NO_SPACE) {
                count(OverloadedException.Limit.SPACE);
            }
        }
    }

    private LongAdder counter(OverloadedException.Limit limit) {
        return switch (limit) {
            case WORK -> forWork;
            case SPACE -> forSpace;
        };
    }
}
