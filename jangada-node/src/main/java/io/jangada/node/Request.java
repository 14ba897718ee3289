package io.jangada.node;

import io.jangada.api.ReadLevel;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.api.spi.Clock;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.step.Effects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request of a client on its way through the loop. Touched by the loop's thread only, until it is handed to the thread that applies. */
abstract sealed class Request permits Request.Propose, Request.Read, Operation {
    final long deadlineNanos;
    long id;
    /** The term in which it was submitted. */
    long term;
    /** When it was submitted or refused last. */
    long movedAtNanos;

    private boolean submitted;

    Request(long deadlineNanos) {
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

        private static final Logger LOG = LoggerFactory.getLogger(Propose.class);

        private byte[] command;
        private final Consumer<? super LogPosition> appended;
        final CompletableFuture<R> future = new CompletableFuture<>();
        /** Where the leader has put it; 0 as long as that is not known. */
        long index;

        long entryTerm;

        Propose(byte[] command, Consumer<? super LogPosition> appended, long deadlineNanos) {
            super(deadlineNanos);
            this.command = command;
            this.appended = appended;
        }

        /** A leader's log has it here. Whatever the listener throws is its owner's; the loop must outlive it. */
        void at(long atIndex, long atTerm) {
            index = atIndex;
            entryTerm = atTerm;
            try {
                appended.accept(new LogPosition(atIndex, atTerm));
            } catch (RuntimeException | Error e) {
                LOG.warn("whoever proposed the command at index {} failed when told of its place", atIndex, e);
            }
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
    static sealed class Read<Q> extends Request permits Told {
        final CompletableFuture<Q> future;
        private final Supplier<? extends Q> query;
        private ReadLevel level;
        /** When it was asked for: what was acknowledged before this must be seen. */
        long arrivedAtNanos;
        /** How far the state machine must have applied. */
        long readIndex;

        boolean confirmed;
        /** The answer counts only if it is there before this time. */
        private long validUntilNanos = Effects.ReadReady.FOR_EVER;

        Read(ReadLevel level, Supplier<? extends Q> query, long deadlineNanos) {
            this(level, query, deadlineNanos, new CompletableFuture<>());
        }

        private Read(ReadLevel level, Supplier<? extends Q> query, long deadlineNanos, CompletableFuture<Q> future) {
            super(deadlineNanos);
            this.future = future;
            this.level = level;
            this.query = query;
        }

        ReadLevel level() {
            return level;
        }

        final void confirmed(long index, long untilNanos) {
            confirmed = true;
            readIndex = index;
            validUntilNanos = untilNanos;
        }

        /** Forgets what confirmed it: it is asked anew, in the way that rests on no clock. */
        void beginAnew() {
            confirmed = false;
            validUntilNanos = Effects.ReadReady.FOR_EVER;
            level = ReadLevel.LINEARIZABLE;
        }

        /**
         * Asks, on the thread that applies. False if the answer came after the time up to which the leader's lease held, and is thrown away: the process may have
         * been paused for longer than another leader needs (trap 38).
         */
        boolean answer(Clock clock) {
            Q answer;
            try {
                answer = query.get();
            } catch (RuntimeException | Error e) {
                // Whatever the query throws is its caller's; the thread that applies must outlive it.
                future.completeExceptionally(e);
                return true;
            }
            if (validUntilNanos != Effects.ReadReady.FOR_EVER && clock.nanoTime() - validUntilNanos >= 0) {
                return false;
            }
            future.complete(answer);
            return true;
        }

        @Override
        void fail(RaftException why) {
            future.completeExceptionally(why);
        }
    }

    /** A membership change that is over, told as a read: when this node has applied it. */
    static final class Told extends Read<MembershipAt> {
        Told(Operation.Change change, MembershipAt membership) {
            super(ReadLevel.LOCAL, () -> membership, change.deadlineNanos, change.future);
            confirmed(membership.index(), Effects.ReadReady.FOR_EVER);
        }

        /** Not with the given reason, which speaks of reads and calls them untouched. */
        @Override
        void fail(RaftException why) {
            super.fail(new OutcomeUnknownException(
                    "the change was committed, but this node stopped before it had applied it"));
        }
    }
}
