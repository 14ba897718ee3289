package io.jangada.testkit.lab;

import java.util.concurrent.TimeUnit;

/**
 * What one server knows of the way to another: whether it makes sense to call now, and how long calls take.
 *
 * <p>A server that does not answer is called less and less often, as a connection that cannot be made is tried again with growing pauses. A call that has had no answer for longer than
 * any call to a server that is there takes means silence; of one that was not heard for long, or never, the first call finds out whether it is there. Whatever comes from the server
 * ends it at once. Any thread.
 */
final class PeerLine {
    /** Longer than an unreliable network holds a request that it loses once, and time for the work. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    /** Longer than an unreliable network holds a request: who takes longer for an answer is not waited for. */
    private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    /** Much longer than a call takes of which one try is lost: a server that has not answered by then is not there. */
    private static final long ABSENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(80);

    /** Longer than a call takes on a network that holds nothing. */
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** About as long as a server that was away needs to learn what it has missed. */
    private static final long RETURN_NANOS = TimeUnit.MILLISECONDS.toNanos(80);

    /** Who was heard so lately is taken to be there. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** The pauses between calls to a silent server, from the first to the longest; one that was never heard is not waited for as eagerly. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(190);
    private static final long PAUSE_AT_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_AT_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    private boolean known;
    private long heardAtNanos;
    private boolean open;
    /** When the first of the calls that have not been followed by a sign of life was made, if one is {@link #open}. */
    private long openSinceNanos;

    /** Whether one of the calls since then is worth knowing of. */
    private boolean openMatters;

    private long calledAtNanos;
    private long pauseNanos = PAUSE_AT_FIRST_NANOS;
    private boolean lost;
    private long callNanos;
    private long returnedAtNanos = -RETURN_NANOS;

    /** Whether to call now. If not, the message is lost, as on a connection that is being made anew; {@code matters} if that is worth knowing later. */
    synchronized boolean mayCall(boolean matters, long nowNanos) {
        if (isSilent(nowNanos)) {
            if (nowNanos - calledAtNanos < pauseNanos) {
                lost |= matters;
                return false;
            }
            pauseNanos = Math.min(2 * pauseNanos, known ? LONGEST_PAUSE_NANOS : LONGEST_PAUSE_AT_FIRST_NANOS);
        }
        if (!open) {
            open = true;
            openSinceNanos = nowNanos;
        }
        calledAtNanos = nowNanos;
        openMatters |= matters;
        return true;
    }

    private boolean isSilent(long nowNanos) {
        return open && (!known || nowNanos - heardAtNanos > FRESH_NANOS || nowNanos - openSinceNanos >= PATIENCE_NANOS);
    }

    /**
     * The server has said something. True if something that matters has been lost here since it was heard last, or is taken to be: what was called while the server was there would have been
     * answered by now.
     */
    synchronized boolean heard(long nowNanos) {
        boolean anew = lost || (open && openMatters && nowNanos - openSinceNanos >= PATIENCE_NANOS);
        if (isAway(nowNanos)) {
            returnedAtNanos = nowNanos;
        }
        lost = false;
        openMatters = false;
        known = true;
        heardAtNanos = nowNanos;
        open = false;
        pauseNanos = PAUSE_NANOS;
        return anew;
    }

    /** A call was answered after this time. */
    synchronized void answeredAfter(long nanos) {
        callNanos = callNanos == 0 ? nanos : (callNanos + nanos) / 2;
    }

    /** How long calls have been taking lately. */
    synchronized long callNanos() {
        return callNanos;
    }

    /** Whether this server has been heard of, and does not keep anybody waiting. */
    synchronized boolean isAnswering(long nowNanos) {
        return known && (!open || nowNanos - openSinceNanos < ANSWER_NANOS);
    }

    /** Whether a call to this server should have been answered by now, as calls to it were. */
    synchronized boolean isOverdue(long nowNanos) {
        return known && open && nowNanos - openSinceNanos >= (callNanos > QUICK_NANOS ? ANSWER_NANOS : QUICK_NANOS);
    }

    /** Whether this server was there once and is not now. */
    synchronized boolean isAway(long nowNanos) {
        return known && open && nowNanos - openSinceNanos >= ABSENCE_NANOS;
    }

    /** Whether this server was away until a moment ago. */
    synchronized boolean isBack(long nowNanos) {
        return nowNanos - returnedAtNanos < RETURN_NANOS;
    }
}
