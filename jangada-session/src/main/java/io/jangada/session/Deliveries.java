package io.jangada.session;

import io.jangada.api.error.CommandTooLargeException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NodeFailedException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.SessionExpiredException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands again and again until they are answered, within limits of time. Knows nothing of sequences: that a command may be sent twice at all is
 * the table's doing.
 *
 * <p>Any thread may call. Neither the way to the group nor anybody's callback is called under the lock.
 */
final class Deliveries<R> {
    private final Proposer<R> proposer;
    private final boolean oneNode;
    private final SessionOptions options;
    private final SessionClock clock;

    private final Object lock = new Object();
    private final Set<Delivery<R>> open = new LinkedHashSet<>();

    /** When the timers that are set go off. A new one is set only if it is the first, so there are never many. */
    private final TreeSet<Long> timers = new TreeSet<>((one, other) -> Long.signum(one - other));

    private @Nullable String over;

    /**
     * Delivers over one way.
     *
     * @param oneNode whether that always leads to the same node: when this has ended there is nothing to wait for
     */
    Deliveries(Proposer<R> proposer, boolean oneNode, SessionOptions options, SessionClock clock) {
        this.proposer = proposer;
        this.oneNode = oneNode;
        this.options = options;
        this.clock = clock;
    }

    void start(Delivery<R> delivery) {
        long now = clock.nanoTime();
        Runnable sending;
        synchronized (lock) {
            delivery.startedNanos = now;
            delivery.deadlineNanos = now + options.deadline().toNanos();
            open.add(delivery);
            sending = nextAttempt(delivery, now);
        }
        sending.run();
    }

    /** Nothing is sent again from now on. What has been sent may yet be answered. */
    void stop(String why) {
        List<Runnable> endings = new ArrayList<>();
        synchronized (lock) {
            over = why;
            for (Iterator<Delivery<R>> all = open.iterator(); all.hasNext(); ) {
                Delivery<R> delivery = all.next();
                if (delivery.paused) {
                    all.remove();
                    endings.add(ending(delivery));
                }
            }
        }
        endings.forEach(Runnable::run);
    }

    /** Whether this failure says that the only node there is has ended. */
    boolean isTheEndOfTheNode(Throwable why) {
        return oneNode && (why instanceof NodeClosedException || why instanceof NodeFailedException);
    }

    /** What sends the command; to be run without the lock. */
    private Runnable nextAttempt(Delivery<R> delivery, long now) {
        long due = earlier(now + options.attemptTimeout().toNanos(), delivery.deadlineNanos);
        delivery.paused = false;
        delivery.dueNanos = due;
        delivery.attempts++;
        int attempt = delivery.attempts;
        return () -> {
            wakeAt(due);
            send(delivery, attempt);
        };
    }

    private void send(Delivery<R> delivery, int attempt) {
        CompletableFuture<SessionReply<R>> answer;
        try {
            answer = proposer.propose(delivery.command());
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        Future<?> unused = answer.whenComplete((reply, failure) -> {
            if (failure != null) {
                failed(delivery, attempt, failure);
            } else if (reply instanceof SessionReply.Refused<R> refused
                    && refused.reason().passes()) {
                failed(delivery, attempt, new OverloadedException(refused.detail()));
            } else {
                answered(delivery, reply);
            }
        });
    }

    private void answered(Delivery<R> delivery, SessionReply<R> reply) {
        boolean doubtful;
        synchronized (lock) {
            if (delivery.ended) {
                return;
            }
            delivery.ended = true;
            open.remove(delivery);
            doubtful = delivery.doubtful;
        }
        delivery.answered(reply, doubtful);
    }

    private void failed(Delivery<R> delivery, int attempt, Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean withoutEffect = why instanceof RaftException known && known.safeToRetry();
        Runnable ending;
        synchronized (lock) {
            if (delivery.ended) {
                return;
            }
            delivery.doubtful |= !withoutEffect;
            if (attempt != delivery.attempts) {
                return; // It took so long that the command has been sent again since.
            }
            delivery.lastFailure = why;
            long next = clock.nanoTime() + pauseNanos(delivery);
            if (over == null && mayPass(why) && next - delivery.deadlineNanos < 0) {
                delivery.paused = true;
                delivery.dueNanos = next;
                ending = () -> wakeAt(next);
            } else {
                open.remove(delivery);
                ending = ending(delivery);
            }
        }
        ending.run();
    }

    private boolean mayPass(Throwable why) {
        return why instanceof RaftException
                && !(why instanceof CommandTooLargeException)
                && !(why instanceof SessionExpiredException)
                && !isTheEndOfTheNode(why);
    }

    /** Doubles with each failure, less up to half by a number that differs from command to command, so that not all come back at once. */
    private long pauseNanos(Delivery<R> delivery) {
        long most = options.maxBackoff().toNanos();
        long pause = options.minBackoff().toNanos();
        for (int failures = 1; failures < delivery.attempts && pause < most; failures++) {
            pause *= 2;
        }
        pause = Math.min(pause, most);
        long mixed = (delivery.startedNanos + delivery.attempts) * 0x9E3779B97F4A7C15L;
        return pause - Math.floorMod(mixed >>> 20, pause / 2 + 1);
    }

    /** What tells the delivery how it failed; to be run without the lock. */
    private Runnable ending(Delivery<R> delivery) {
        delivery.ended = true;
        RaftException why = verdict(delivery);
        return () -> delivery.failed(why);
    }

    private RaftException verdict(Delivery<R> delivery) {
        if (over != null) {
            return new SessionExpiredException(over, !delivery.doubtful);
        }
        if (!delivery.doubtful && delivery.lastFailure instanceof RaftException known) {
            return known;
        }
        return new OutcomeUnknownException(
                "the command was sent " + delivery.attempts + " times within "
                        + (clock.nanoTime() - delivery.startedNanos) / 1_000_000
                        + " ms without an answer; it may or may not take effect. SessionOptions.deadline is "
                        + options.deadline(),
                delivery.lastFailure);
    }

    /** A timer has gone off: whatever is due is sent again, or ends. */
    private void wake(long atNanos) {
        long now = clock.nanoTime();
        List<Runnable> work = new ArrayList<>();
        synchronized (lock) {
            timers.remove(atNanos);
            for (Iterator<Delivery<R>> all = open.iterator(); all.hasNext(); ) {
                Delivery<R> delivery = all.next();
                if (delivery.dueNanos - now > 0) {
                    continue;
                }
                // Sent, and no answer in time: it may be on its way still.
                delivery.doubtful |= !delivery.paused;
                if (over != null || now - delivery.deadlineNanos >= 0) {
                    all.remove();
                    work.add(ending(delivery));
                } else {
                    work.add(nextAttempt(delivery, now));
                }
            }
            // Those that are not due set no timer because this one was earlier.
            open.stream()
                    .mapToLong(delivery -> delivery.dueNanos)
                    .reduce(Deliveries::earlier)
                    .ifPresent(due -> work.add(() -> wakeAt(due)));
        }
        work.forEach(Runnable::run);
    }

    private void wakeAt(long dueNanos) {
        synchronized (lock) {
            if (!timers.isEmpty() && timers.first() - dueNanos <= 0) {
                return;
            }
            timers.add(dueNanos);
        }
        clock.after(Math.max(0, dueNanos - clock.nanoTime()), () -> wake(dueNanos));
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }
}
