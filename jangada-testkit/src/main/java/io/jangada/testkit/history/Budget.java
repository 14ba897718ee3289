package io.jangada.testkit.history;

import java.time.Duration;

/**
 * How much a check may cost before it gives up undecided.
 *
 * @param maxSteps how many times the model may be asked, in all partitions together
 * @param maxConfigurations how many visited configurations may be remembered at a time; bounds memory
 * @param maxTime wall-clock time; make it large where a result must not depend on the machine
 */
public record Budget(long maxSteps, int maxConfigurations, Duration maxTime) {

    /** Fifty million steps, four million configurations (about a gigabyte at worst), one minute. */
    public static final Budget DEFAULT = new Budget(50_000_000, 4_000_000, Duration.ofMinutes(1));

    public Budget {
        if (maxSteps < 1 || maxConfigurations < 1 || maxTime.isNegative() || maxTime.isZero()) {
            throw new IllegalArgumentException("a budget needs positive limits, not " + maxSteps + " steps, "
                    + maxConfigurations + " configurations, " + maxTime);
        }
    }
}
