package io.jangada.server.cli;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says why runs of a scenario failed, and how to see that again. */
final class LabFailures {
    private static final int FRAMES = 8;
    private static final int MAX_SEEDS = 100;

    private LabFailures() {}

    /** The reason in one sentence. */
    static String reason(Throwable failure) {
        return failure instanceof LabFailure ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    static List<String> lines(LabPlan plan, LabTally tally) {
        List<String> lines = new ArrayList<>();
        for (LabRun run : tally.failures()) {
            run.failure().ifPresent(failure -> lines.addAll(explain(run.seed(), failure)));
            lines.add((plan.isReal() ? "the same draws again: " : "the same again: ")
                    + plan.again(tally.scenario(), run.seed()));
        }
        tally.failures().stream()
                .findFirst()
                .ifPresent(first -> lines.add("with a page of what happened: "
                        + plan.again(tally.scenario(), first.seed()) + " --trace "
                        + tally.scenario().name() + ".html"));
        List<Long> seeds = tally.failedSeeds();
        if (seeds.size() > tally.failures().size()) {
            String shown = seeds.stream().limit(MAX_SEEDS).map(String::valueOf).collect(Collectors.joining(" "));
            lines.add("all seeds that failed: " + shown
                    + (seeds.size() > MAX_SEEDS ? " and " + (seeds.size() - MAX_SEEDS) + " more" : ""));
        }
        return lines;
    }

    private static List<String> explain(long seed, Throwable failure) {
        List<String> lines = new ArrayList<>(List.of("seed " + seed + ": " + reason(failure)));
        if (!(failure instanceof LabFailure)) {
            // Nothing that the scenario looked for, so whoever reads this needs to know where it happened.
            StackTraceElement[] frames = failure.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                lines.add("    at " + frames[i]);
            }
            Throwable cause = failure.getCause();
            if (cause != null) {
                lines.add("    caused by " + cause);
            }
        }
        return lines;
    }
}
