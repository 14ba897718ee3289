package io.jangada.node;

import io.jangada.api.error.RaftException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A request of a client on its way through the loop. Touched by the loop's thread only, until it is handed to the thread that applies. */
abstract sealed class Request {
    final long deadlineNanos;
    long id;
    /** The term in which it was submitted. */
    long term;
    /** When it was submitted or refused last. */
    long movedAtNanos;

    private boolean submitted;

    private Request(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** With the core, or on its way to the leader. */
    void submitted(long inTerm, long nowNanos) {
        submitted = true;
        term = inTerm;
        movedAtNanos = nowNanos;
    }

    /** No leader took it. Nothing has happened. */
    void held(long nowNanos) {
        submitted = false;
        movedAtNanos = nowNanos;
    }

    boolean isHeld() {
        return !submitted;
    }

    abstract void fail(RaftException why);

    /** A command to replicate. */
    static final class Propose<R> extends Request {
        private static final byte[] NOTHING = new byte[0];

        private byte[] command;
        final CompletableFuture<R> future = new CompletableFuture<>();
        /** Where the leader has put it; 0 as long as that is not known. */
        long index;

        long entryTerm;

        Propose(byte[] command, long deadlineNanos) {
            super(deadlineNanos);
            this.command = command;
        }

        byte[] command() {
            return command;
        }

        void forgetCommand() {
            command = NOTHING;
        }

        @Override
        void fail(RaftException why) {
            future.completeExceptionally(why);
        }
    }

    /** A question to the state machine, to be asked when it has applied enough. */
    static final class Read<Q> extends Request {
        final CompletableFuture<Q> future = new CompletableFuture<>();
        private final Supplier<? extends Q> query;
        /** How far the state machine must have applied. */
        long readIndex;

        boolean confirmed;

        Read(Supplier<? extends Q> query, long deadlineNanos) {
            super(deadlineNanos);
            this.query = query;
        }

        /** Asks, on the thread that applies. */
        void answer() {
            Q answer;
            try {
                answer = query.get();
            } catch (RuntimeException | Error e) {
                // Whatever the query throws is its caller's; the thread that applies must outlive it.
                future.completeExceptionally(e);
                return;
            }
            future.complete(answer);
        }

        @Override
        void fail(RaftException why) {
            future.completeExceptionally(why);
        }
    }
}
