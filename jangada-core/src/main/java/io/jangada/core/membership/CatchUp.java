package io.jangada.core.membership;

/**
 * How well one learner keeps up, measured in rounds (thesis §4.2.1): each round ends when the learner has everything that the leader had when the round began.
 *
 * <p>A learner has caught up when its latest round took no longer than an election timeout: then making it a voter holds nobody up for longer.
 */
public final class CatchUp {
    private final long shortEnoughNanos;
    private long target;
    private long beganAtNanos;
    private boolean heard;
    private boolean lastWasShort;
    private int slowRounds;

    public CatchUp(long shortEnoughNanos) {
        this.shortEnoughNanos = shortEnoughNanos;
    }

    /** What is known now. The first round begins when the learner is heard of for the first time: one that has not been started yet wastes none. */
    public void observe(boolean isHeard, long matchIndex, long leaderLastIndex, long nowNanos) {
        if (!heard) {
            heard = isHeard;
            target = leaderLastIndex;
            beganAtNanos = nowNanos;
            return;
        }
        if (matchIndex >= target) {
            lastWasShort = nowNanos - beganAtNanos <= shortEnoughNanos;
            slowRounds += lastWasShort ? 0 : 1;
            target = leaderLastIndex;
            beganAtNanos = nowNanos;
        }
    }

    /** Whether it could vote without holding anybody up. */
    public boolean isDone(long nowNanos) {
        return lastWasShort && nowNanos - beganAtNanos <= shortEnoughNanos;
    }

    /** How many rounds took too long. */
    public int slowRounds() {
        return slowRounds;
    }
}
