package io.jangada.testkit.lab;

import io.jangada.core.message.PreVoteRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets another server go first: who has just promised its vote to one that asks whether it should stand waits with its own such question, and does not ask it if there is a leader by then.
 *
 * <p>Several servers that start at once want to stand within a few flights of a message; all that brings is calls, since the second cannot win any more. A question that comes late or not at all is no worse than
 * one that the network loses.
 *
 * <p>For the same reason a question that others have refused twice, and that says nothing new, is put less often: it is refused because another server has more in its log, and must stand itself. Any thread.
 */
final class CandidateCourtesy {
    /** By then the other one leads and has said so, or has failed. */
    private static final long WAIT_NANOS = HeartbeatPace.LEAST_NANOS;

    /** A question that was refused so often is put less often. */
    private static final int MOST_REFUSALS = 2;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** Questions to several servers within this time are one. */
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LabTime time;
    private final Consumer<PreVoteRequest> sender;
    private long favouredAtNanos = -WAIT_NANOS;
    private long ledAtNanos = -WAIT_NANOS;
    /** What was asked last, whomever. */
    private long term;

    private long lastIndex;
    private long askedAtNanos = -REST_NANOS;
    /** How often that was asked of all, and refused by one of them. */
    private int refusals;

    private boolean refused;

    CandidateCourtesy(LabTime time, Consumer<PreVoteRequest> sender) {
        this.time = time;
        this.sender = sender;
    }

    /** This server has promised another one its vote. */
    synchronized void favours() {
        favouredAtNanos = time.elapsedNanos();
    }

    /** This server has heard of a leader. */
    synchronized void isLed() {
        ledAtNanos = time.elapsedNanos();
    }

    /** Another server has refused to promise its vote. */
    synchronized void isRefused() {
        refusals += refused ? 0 : 1;
        refused = true;
    }

    /** Another server is there that was not: it may answer something else. */
    synchronized void isJoined() {
        refusals = 0;
    }

    /** Whether this question is put: one that has been refused twice rests for a while. */
    private boolean isPut(PreVoteRequest question) {
        long now = time.elapsedNanos();
        boolean same = question.term() == term && question.lastLogIndex() == lastIndex;
        boolean again = now - askedAtNanos >= ROUND_NANOS;
        if (same && again && refusals >= MOST_REFUSALS && now - askedAtNanos < REST_NANOS) {
            return false;
        }
        if (!same) {
            refusals = 0;
        }
        if (!same || again) {
            refused = false;
            askedAtNanos = now;
        }
        term = question.term();
        lastIndex = question.lastLogIndex();
        return true;
    }

    /** Asks now, or when the other one has had its time. */
    void ask(PreVoteRequest question) {
        long favoured;
        long wait;
        synchronized (this) {
            if (!isPut(question)) {
                return;
            }
            favoured = favouredAtNanos;
            wait = favoured + WAIT_NANOS - time.elapsedNanos();
        }
        if (wait <= 0) {
            sender.accept(question);
        } else {
            time.after(wait, () -> askUnlessLed(question, favoured));
        }
    }

    private void askUnlessLed(PreVoteRequest question, long sinceNanos) {
        boolean isLed;
        synchronized (this) {
            isLed = ledAtNanos >= sinceNanos;
        }
        if (!isLed) {
            sender.accept(question);
        }
    }
}
