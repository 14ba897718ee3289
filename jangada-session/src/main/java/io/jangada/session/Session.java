package io.jangada.session;

import io.jangada.api.RaftNode;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.SessionExpiredException;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client whose commands take effect exactly once, although they are sent again whenever their outcome is unknown (Raft thesis, §6.3).
 *
 * <p>The group's state machine is a {@link SessionStateMachine}. Each command has a number, the same in all copies. Answers may come in another order
 * than commands were given, and when one has to be sent again, it may take effect behind later ones; have one in flight ({@link SessionOptions#maxInFlight}) if that
 * matters. Only what has the answer counts: a command whose future failed with {@link OutcomeUnknownException} may yet take effect, until a later one of this session is
 * answered; from then on it either has or never will.
 *
 * <p>A session keeps itself alive while the process runs. One that did not get through for {@link SessionLimits#timeToLiveMillis} ends, with {@link
 * SessionExpiredException}, and another must be opened. Every method may be called from any thread and returns at once; futures complete on threads of the node or of
 * the {@link SessionClock}, so do not block in what you chain to them.
 *
 * @param <R> the result of a command
 */
public final class Session<R> implements AutoCloseable {
    /** Two of three may be lost. */
    private static final int KEEP_ALIVES_PER_LIFE = 3;

    private final Deliveries<R> deliveries;
    private final SessionOptions options;
    private final SessionClock clock;
    private final long id;
    private final long keepAliveNanos;

    private final Object lock = new Object();
    private final TreeSet<Long> unanswered = new TreeSet<>();
    private long nextSequence = 1;
    private long lastHeardNanos;
    private boolean closed;

    /** Why nothing is taken and sent any more; null while the session lives. */
    private @Nullable String over;

    private Session(Opening<R> opening, SessionReply.Opened<R> opened) {
        this.deliveries = opening.deliveries;
        this.options = opening.options;
        this.clock = opening.clock;
        this.id = opened.sessionId();
        this.keepAliveNanos =
                Math.max(1, TimeUnit.MILLISECONDS.toNanos(opened.timeToLiveMillis()) / KEEP_ALIVES_PER_LIFE);
        this.lastHeardNanos = opening.startedNanos;
    }

    /** Opens a session at a node of this process, with the machine's clock. */
    public static <R> CompletableFuture<Session<R>> open(RaftNode<SessionReply<R>> node, SessionOptions options) {
        return open(node, options, SessionClock.system());
    }

    /** Opens a session at a node of this process. When the node is closed or fails, commands fail. */
    public static <R> CompletableFuture<Session<R>> open(
            RaftNode<SessionReply<R>> node, SessionOptions options, SessionClock clock) {
        return open(new Deliveries<>(node::propose, true, options, clock), options, clock);
    }

    /**
     * Opens a session over a way of your own. All attempts may go to different nodes; commands are tried again after every {@link RaftException}, those of closed nodes
     * too.
     *
     * <p>The future fails as that of a command does, and with {@link OverloadedException} if there are too many sessions. After an unknown outcome there may be a session that nobody uses; it
     * expires.
     */
    public static <R> CompletableFuture<Session<R>> open(
            Proposer<R> proposer, SessionOptions options, SessionClock clock) {
        return open(new Deliveries<>(proposer, false, options, clock), options, clock);
    }

    private static <R> CompletableFuture<Session<R>> open(
            Deliveries<R> deliveries, SessionOptions options, SessionClock clock) {
        Opening<R> opening = new Opening<>(deliveries, options, clock);
        deliveries.start(opening);
        return opening.result;
    }

    /** The session's number, unique for ever in its group. */
    public long id() {
        return id;
    }

    /** Whether the session has expired or was closed, so that it takes no commands any more. */
    public boolean isOver() {
        synchronized (lock) {
            return closed || over != null;
        }
    }

    /**
     * Has a command take effect exactly once, and completes with its result. The array must not be changed any more.
     *
     * <p>Fails with {@link OverloadedException} if {@link SessionOptions#maxInFlight} is reached, with {@link SessionExpiredException} if the session has ended, and at
     * {@link SessionOptions#deadline} with {@link OutcomeUnknownException}, or with the last failure if no attempt can have had an effect. {@link RaftException#safeToRetry} says whether the
     * command certainly has had none.
     */
    public CompletableFuture<R> submit(byte[] command) {
        Submission submission;
        synchronized (lock) {
            if (closed || over != null) {
                String why = over == null ? "session " + id + " was closed. Open another session" : over;
                return CompletableFuture.failedFuture(new SessionExpiredException(why, true));
            }
            if (unanswered.size() >= options.maxInFlight()) {
                return CompletableFuture.failedFuture(new OverloadedException("session " + id + " waits for "
                        + unanswered.size() + " answers, and maxInFlight is " + options.maxInFlight()
                        + "; submit more when some have come"));
            }
            submission = new Submission(nextSequence, command);
            unanswered.add(nextSequence);
            nextSequence++;
        }
        deliveries.start(submission);
        return submission.result;
    }

    /** Takes no more commands, waits in the background for those under way, and then has the group forget the session. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed || over != null) {
                return;
            }
            closed = true;
            if (!unanswered.isEmpty()) {
                return;
            }
        }
        deliveries.start(new Closing());
    }

    /** A command has its answer, or none is waited for any more: from now on it counts as acknowledged. */
    private void ended(long sequence) {
        boolean last;
        synchronized (lock) {
            unanswered.remove(sequence);
            last = closed && over == null && unanswered.isEmpty();
        }
        if (last) {
            deliveries.start(new Closing());
        }
    }

    /** All before the oldest unanswered one. */
    private long acknowledged() {
        synchronized (lock) {
            return (unanswered.isEmpty() ? nextSequence : unanswered.first()) - 1;
        }
    }

    private void heard(long sentNanos) {
        synchronized (lock) {
            // The group counts from the sending at the earliest.
            if (sentNanos - lastHeardNanos > 0) {
                lastHeardNanos = sentNanos;
            }
        }
    }

    private void endWith(String why) {
        synchronized (lock) {
            over = why;
        }
        deliveries.stop(why);
    }

    /** The group does not know the session any more. */
    private SessionExpiredException expired(boolean mayHaveHappened) {
        String why = "session " + id + " has expired: nothing arrived from it for longer than its time to live."
                + " Open another session, once you know what became of commands without an answer";
        endWith(why);
        return new SessionExpiredException(why, !mayHaveHappened);
    }

    private static IllegalStateException unexpected(SessionReply<?> reply) {
        return new IllegalStateException("the group answered a session command by " + reply
                + "; does every node run the same version of this program?");
    }

    private void keepAliveLater(long delayNanos) {
        clock.after(delayNanos, this::keepAliveIfIdle);
    }

    private void keepAliveIfIdle() {
        long wait;
        synchronized (lock) {
            if (over != null || (closed && unanswered.isEmpty())) {
                return;
            }
            wait = lastHeardNanos + keepAliveNanos - clock.nanoTime();
        }
        if (wait > 0) {
            keepAliveLater(wait);
        } else {
            deliveries.start(new KeepingAlive());
        }
    }

    private static final class Opening<R> extends Delivery<R> {
        final CompletableFuture<Session<R>> result = new CompletableFuture<>();
        final Deliveries<R> deliveries;
        final SessionOptions options;
        final SessionClock clock;

        Opening(Deliveries<R> deliveries, SessionOptions options, SessionClock clock) {
            this.deliveries = deliveries;
            this.options = options;
            this.clock = clock;
        }

        @Override
        byte[] command() {
            return SessionCommand.open(clock.epochMillis());
        }

        @Override
        void answered(SessionReply<R> reply, boolean mayHaveHappened) {
            if (reply instanceof SessionReply.Opened<R> opened) {
                Session<R> session = new Session<>(this, opened);
                session.keepAliveLater(session.keepAliveNanos);
                result.complete(session);
            } else {
                result.completeExceptionally(unexpected(reply));
            }
        }

        @Override
        void failed(RaftException why) {
            result.completeExceptionally(why);
        }
    }

    private final class Submission extends Delivery<R> {
        final CompletableFuture<R> result = new CompletableFuture<>();
        private final long sequence;
        private final byte[] payload;

        Submission(long sequence, byte[] payload) {
            this.sequence = sequence;
            this.payload = payload;
        }

        @Override
        byte[] command() {
            // A late answer may have ended this one meanwhile; the copy is stale then, and must still be well formed.
            long acknowledged = Math.min(acknowledged(), sequence - 1);
            return SessionCommand.of(id, sequence, acknowledged, clock.epochMillis(), payload);
        }

        @Override
        void answered(SessionReply<R> reply, boolean mayHaveHappened) {
            heard(startedNanos);
            if (reply instanceof SessionReply.Done<R> done) {
                ended(sequence);
                result.complete(done.result());
            } else if (reply instanceof SessionReply.Expired<R>) {
                SessionExpiredException why = expired(mayHaveHappened);
                ended(sequence);
                result.completeExceptionally(why);
            } else {
                // Stale is the answer to a command that was acknowledged before: somebody else uses this session's
                // number.
                ended(sequence);
                result.completeExceptionally(unexpected(reply));
            }
        }

        @Override
        void failed(RaftException why) {
            ended(sequence);
            result.completeExceptionally(why);
        }
    }

    private final class KeepingAlive extends Delivery<R> {
        @Override
        byte[] command() {
            return SessionCommand.keepAlive(id, acknowledged(), clock.epochMillis());
        }

        @Override
        void answered(SessionReply<R> reply, boolean mayHaveHappened) {
            if (reply instanceof SessionReply.Alive<R>) {
                heard(startedNanos);
                keepAliveIfIdle();
            } else {
                expired(true);
            }
        }

        @Override
        void failed(RaftException why) {
            if (deliveries.isTheEndOfTheNode(why)) {
                endWith("the node of session " + id + " has ended (" + why.getMessage()
                        + "). Open another session at another node");
            } else {
                // The attempts have had their pauses; the next ones come while the session may yet live.
                keepAliveLater(options.maxBackoff().toNanos());
            }
        }
    }

    private final class Closing extends Delivery<R> {
        @Override
        byte[] command() {
            return SessionCommand.close(id, clock.epochMillis());
        }

        @Override
        void answered(SessionReply<R> reply, boolean mayHaveHappened) {
            // Closed; or expired before, which is as good.
        }

        @Override
        void failed(RaftException why) {
            // The session expires by itself.
        }
    }
}
