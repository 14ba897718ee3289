package io.jangada.testkit.sim;

import io.jangada.testkit.check.Digest;
import java.util.List;

/**
 * A stream of chance that is the same on every machine and with every Java version (SplitMix64).
 *
 * <p>Give each purpose its own stream with {@link #fork}: then a change in how one of them is used leaves the others as they were.
 */
public final class SimRandom {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private final long seed;
    private long state;

    public SimRandom(long seed) {
        this.seed = seed;
        this.state = scramble(seed + GAMMA);
    }

    /** An independent stream, determined by this stream's seed and the purpose alone. */
    public SimRandom fork(String purpose) {
        return new SimRandom(Digest.mix(seed, Digest.of(purpose)));
    }

    /** Any number. */
    public long next() {
        state += GAMMA;
        return scramble(state);
    }

    private static long scramble(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    public double unit() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** True with this probability. */
    public boolean chance(double probability) {
        return unit() < probability;
    }

    /** From 0 (inclusive) to {@code bound} (exclusive). */
    public int below(int bound) {
        return (int) (unit() * bound);
    }

    /** From {@code least} to {@code most}, both inclusive. */
    public long between(long least, long most) {
        return least + (long) (unit() * (most - least + 1));
    }

    /** An exponentially distributed duration with this mean, at most ten times the mean. */
    public long exponential(long mean) {
        double drawn = -StrictMath.log(1 - unit());
        return (long) (Math.min(drawn, 10) * mean);
    }

    /** One of these, each as likely as the others. */
    public <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }
}
