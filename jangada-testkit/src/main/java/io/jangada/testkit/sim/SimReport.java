package io.jangada.testkit.sim;

import io.jangada.testkit.check.SafetyViolation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one simulated run went.
 *
 * @param plan what the seed drew, in one line
 * @param violation the broken promise that ended the run; null if none was broken
 * @param traceHash equal for equal runs
 * @param trace one line per event, if it was asked for
 */
public record SimReport(
        long seed,
        String plan,
        @Nullable SafetyViolation violation,
        SimStats stats,
        long traceHash,
        List<String> trace) {

    public SimReport {
        trace = List.copyOf(trace);
    }

    public boolean ok() {
        return violation == null;
    }
}
