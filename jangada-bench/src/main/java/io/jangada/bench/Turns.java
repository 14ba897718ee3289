package io.jangada.bench;

import java.util.Arrays;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How long the bare file and the log took, in turns, batch by batch: a disk has good and bad moments and other users, and both get the same of them.
 *
 * <p>The median says what the log costs, the mean also what it costs to go on to the next segment.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Turns {
    private static final int MAX_TURNS = 1 << 20;

    private final long[] bareNanos = new long[MAX_TURNS];
    private final long[] logNanos = new long[MAX_TURNS];
    private int count;

    @Setup(Level.Iteration)
    public void begin() {
        count = 0;
    }

    void took(long bare, long log) {
        if (count < MAX_TURNS) {
            bareNanos[count] = bare;
            logNanos[count] = log;
            count++;
        }
    }

    public double bareMedian() {
        return median(bareNanos);
    }

    public double logMedian() {
        return median(logNanos);
    }

    public double bareMean() {
        return Arrays.stream(bareNanos, 0, count).average().orElse(0);
    }

    public double logMean() {
        return Arrays.stream(logNanos, 0, count).average().orElse(0);
    }

    private double median(long[] nanos) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[count / 2];
    }
}
