package io.jangada.testkit.lab;

import io.jangada.core.message.PreVoteRequest;
import java.util.function.Consumer;

/**
 * Lets another server go first: who has just promised its vote to one that asks whether it should stand waits with its own such question, and does not ask it if there is a leader by then.
 *
 * <p>Several servers that start at once want to stand within a few flights of a message; all that brings is calls, since the second cannot win any more. A question that comes late or not at all is no worse than
 * one that the network loses. Any thread.
 */
final class CandidateCourtesy {
    /** By then the other one leads and has said so, or has failed. */
    private static final long WAIT_NANOS = HeartbeatPace.LEAST_NANOS;

    private final LabTime time;
    private final Consumer<PreVoteRequest> sender;
    private long favouredAtNanos = -WAIT_NANOS;
    private long ledAtNanos = -WAIT_NANOS;

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

    /** Asks now, or when the other one has had its time. */
    void ask(PreVoteRequest question) {
        long favoured;
        long wait;
        synchronized (this) {
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
