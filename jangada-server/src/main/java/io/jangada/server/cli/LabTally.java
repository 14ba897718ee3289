package io.jangada.server.cli;

import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import java.util.ArrayList;
import java.util.List;

/** How the runs of one scenario have ended so far, and the largest figures of those that passed. */
final class LabTally {
    /** Failures that are kept with their reasons; of the others the seeds tell enough. */
    static final int KEPT_FAILURES = 3;

    private final Scenario scenario;
    private final List<LabRun> failures = new ArrayList<>();
    private final List<Long> failedSeeds = new ArrayList<>();
    private int runs;
    private double longestSeconds;
    private double sumOfSeconds;
    private Outcome largest = new Outcome(0, 0, 0);

    LabTally(Scenario scenario) {
        this.scenario = scenario;
    }

    /** Of a single run. */
    LabTally(LabRun run) {
        this(run.scenario());
        add(run);
    }

    void add(LabRun run) {
        runs++;
        longestSeconds = Math.max(longestSeconds, run.seconds());
        sumOfSeconds += run.seconds();
        if (run.passed()) {
            Outcome outcome = run.outcome();
            largest = new Outcome(
                    Math.max(largest.rpcs(), outcome.rpcs()),
                    Math.max(largest.bytes(), outcome.bytes()),
                    Math.max(largest.agreements(), outcome.agreements()));
        } else {
            failedSeeds.add(run.seed());
            if (failures.size() < KEPT_FAILURES) {
                failures.add(run);
            }
        }
    }

    Scenario scenario() {
        return scenario;
    }

    int runs() {
        return runs;
    }

    int passed() {
        return runs - failedSeeds.size();
    }

    boolean allPassed() {
        return failedSeeds.isEmpty();
    }

    /** The first failures. */
    List<LabRun> failures() {
        return failures;
    }

    /** The seeds of all failures. */
    List<Long> failedSeeds() {
        return failedSeeds;
    }

    /** Of the longest run, by its own clock. */
    double longestSeconds() {
        return longestSeconds;
    }

    /** Of all runs together, by their own clocks. */
    double sumOfSeconds() {
        return sumOfSeconds;
    }

    /** The largest count of each kind among the runs that passed. */
    Outcome largest() {
        return largest;
    }
}
