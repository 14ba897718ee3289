package io.jangada.testkit.history;

/** What is left of a {@link Budget} while a check runs. One thread. */
final class Allowance {
    private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 4_096;

    private final Budget budget;
    private final long startNanos = System.nanoTime();
    private long steps;
    private String reason = "";

    Allowance(Budget budget) {
        this.budget = budget;
    }

    /** Counts one step with so many configurations remembered; false when the budget is spent. */
    boolean step(int configurations) {
        if (!reason.isEmpty()) {
            return false;
        }
        steps++;
        if (steps > budget.maxSteps()) {
            reason = "the limit of " + budget.maxSteps() + " steps is reached";
        } else if (configurations > budget.maxConfigurations()) {
            reason = "the limit of " + budget.maxConfigurations() + " remembered configurations is reached";
        } else if (steps % STEPS_BETWEEN_LOOKS_AT_THE_CLOCK == 0
                && System.nanoTime() - startNanos > budget.maxTime().toNanos()) {
            reason = "the time limit of " + budget.maxTime() + " is reached";
        }
        return reason.isEmpty();
    }

    long steps() {
        return steps;
    }

    String reason() {
        return reason;
    }
}
