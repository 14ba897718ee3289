package io.jangada.server.cli;

import io.jangada.server.config.ConfigException;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.trace.TracePage;
import io.jangada.testkit.lab.trace.TraceRecorder;
import io.jangada.testkit.lab.trace.TraceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page of one run: plays the run, writing down what happens, and draws it. */
final class LabPage {
    private final Path file;
    private final LabPlan plan;
    private final TraceRecorder recorder = new TraceRecorder();

    private LabPage(Path file, LabPlan plan) {
        this.file = file;
        this.plan = plan;
    }

    /** The page in this file, in place of what the file holds; what cannot be is said before anything is played. */
    static LabPage at(Path file, LabPlan plan) {
        if (plan.scenarios().size() != 1 || plan.times() != 1) {
            throw new ConfigException("--trace draws one scenario that is played once, not "
                    + plan.scenarios().size() + " that are played " + plan.times()
                    + " times; name one, e.g. './jangada lab BasicAgree --trace " + file + "'");
        }
        if (Files.isDirectory(file)) {
            throw new ConfigException("--trace " + file + " is a folder; name a file, e.g. --trace "
                    + file.resolve(plan.scenarios().get(0).name() + ".html"));
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new ConfigException("--trace " + file + ": there is no folder " + folder + "; make it first");
        }
        return new LabPage(file, plan);
    }

    LabRun play() {
        return LabRun.of(plan.scenarios().get(0), plan.mode(), plan.seed(), recorder);
    }

    /** Writes the page; returns what is to be said about that. */
    String write(LabRun run) throws IOException {
        Scenario scenario = run.scenario();
        TraceRun drawn = new TraceRun(
                scenario.name(),
                plan.isReal() ? "real time" : "virtual time",
                run.seed(),
                scenario.servers(),
                run.failure().map(LabFailures::reason).orElse("passed"),
                recorder.events(),
                recorder.dropped());
        TracePage.write(file, drawn);
        String lost = drawn.dropped() == 0
                ? ""
                : "; " + drawn.dropped() + " more at the end are missing, it takes " + TraceRecorder.LIMIT;
        return "What happened, " + drawn.events().size() + " events, is drawn in " + file + lost + ".";
    }
}
