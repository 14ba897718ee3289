package io.jangada.testkit.lab;

import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.lab.trace.Trace;
import io.jangada.testkit.lab.trace.TraceEvent;
import io.jangada.testkit.sim.SimRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One run of a scenario, and how it ended.
 *
 * @param seconds how long it took by its own clock
 * @param outcome what was counted; zeros if it failed
 * @param failure why it failed
 */
public record LabRun(
        Scenario scenario, LabMode mode, long seed, double seconds, Outcome outcome, Optional<Throwable> failure) {
    /** The longest that one scenario may take, by its own clock. */
    public static final double LIMIT_SECONDS = 120;

    private static final Outcome NOTHING = new Outcome(0, 0, 0);

    /** Plays a scenario. Does not throw because of what the scenario finds. */
    public static LabRun of(Scenario scenario, LabMode mode, long seed, Trace trace) {
        LabTime time = mode.time(seed);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Optional<Throwable> failure = Optional.empty();
        LabCluster.Setting setting = new LabCluster.Setting(time, new SimRandom(seed).fork(scenario.name()), trace);
        try {
            time.run(() -> outcome.complete(scenario.text().apply(setting)));
        } catch (RuntimeException | AssertionError e) {
            failure = Optional.of(e);
        }
        double seconds = time.elapsedNanos() / 1e9;
        if (failure.isEmpty() && seconds > LIMIT_SECONDS) {
            failure = Optional.of(new LabFailure("took " + seconds + " s, longer than " + LIMIT_SECONDS + " s"));
        }
        if (trace.isOn()) {
            String ending =
                    failure.map(thrown -> "FAILED: " + thrown.getMessage()).orElse("passed");
            trace.record(new TraceEvent.Note(time.elapsedNanos(), ending));
        }
        return new LabRun(scenario, mode, seed, seconds, outcome.getNow(NOTHING), failure);
    }

    public boolean passed() {
        return failure.isEmpty();
    }
}
