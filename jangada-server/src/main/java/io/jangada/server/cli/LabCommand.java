package io.jangada.server.cli;

import io.jangada.server.config.ConfigException;
import io.jangada.testkit.lab.LabMode;
import io.jangada.testkit.lab.LabRun;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.course.Labs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada lab}: plays the scenarios of the MIT Raft labs. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = {
            "Plays the scenarios of the MIT Raft labs (6.5840) against this Raft, and prints a line for each, as the course does.",
            "%nIn virtual time a minute passes in a fraction of a second, and the same seed gives the same run, to the last message.%n"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all passed",
            "1:a scenario failed, or the page of a trace cannot be written",
            "2:wrong command line"
        },
        footerHeading = "%n",
        footer = "docs/labs.md tells what the labs are, and how to write one of your own.")
final class LabCommand implements Callable<Integer> {
    private static final int MAX_TIMES = 1_000_000;
    private static final long FRESH_SEEDS = 1_000_000_000;

    private final Supplier<Labs> all;

    @Parameters(
            paramLabel = "LAB",
            arity = "0..*",
            description =
                    "Parts (3A, 3B, 3C, 3D, 4A, 4B) or names of scenarios, e.g. BasicAgree; all of them if none is given.")
    private List<String> words = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The number that decides everything left to chance (default: a fresh one, printed first).")
    private @Nullable Long seed;

    @Option(
            names = "--times",
            paramLabel = "N",
            defaultValue = "1",
            description = "Play each scenario so often, with the seeds N, N+1, ... (default: ${DEFAULT-VALUE}).")
    private int times;

    @Option(
            names = "--real",
            description =
                    "Play by the clock, with threads, one scenario after the other; the published figures stand beside ours.")
    private boolean real;

    @Option(
            names = "--trace",
            paramLabel = "FILE.html",
            description = "Write one page that draws what happened, passed or failed. For one scenario, played once.")
    private @Nullable Path trace;

    @Option(names = "--list", description = "List the scenarios instead of playing them.")
    private boolean list;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** The command for the labs of the course. */
    LabCommand() {
        this(Labs::all);
    }

    /** The command for these labs, which are asked for only if it is used. */
    LabCommand(Supplier<Labs> all) {
        this.all = all;
    }

    @Override
    public Integer call() throws InterruptedException {
        Labs labs = all.get();
        List<Scenario> chosen = words.isEmpty() ? labs.scenarios() : choose(labs);
        if (list) {
            requireOnlyList();
            LabList.print(out(), chosen);
            return ExitCode.OK;
        }
        if (times < 1 || times > MAX_TIMES) {
            throw new ConfigException("--times " + times + " cannot be used: it must be from 1 to " + MAX_TIMES);
        }
        Long given = seed;
        long first = given == null ? ThreadLocalRandom.current().nextLong(1, FRESH_SEEDS) : given;
        LabPlan plan = new LabPlan(labs, words, chosen, real ? LabMode.REAL : LabMode.VIRTUAL, first, times);
        Path file = trace;
        LabPage page = file == null ? null : LabPage.at(file, plan);
        LabReport report =
                new LabReport(out(), spec.commandLine().getColorScheme().ansi(), plan);
        report.begin();
        if (page != null) {
            LabRun run = page.play();
            report.ended(new LabTally(run));
            report.end();
            return draw(page, run) && run.passed() ? ExitCode.OK : ExitCode.FAILED;
        }
        play(plan, report);
        report.end();
        return report.allPassed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean draw(LabPage page, LabRun run) {
        try {
            out().println(page.write(run));
            return true;
        } catch (IOException e) {
            spec.commandLine().getErr().println("jangada: the page of --trace cannot be written: " + e);
            return false;
        }
    }

    private static void play(LabPlan plan, LabReport report) throws InterruptedException {
        try (LabPlayer player = new LabPlayer(plan)) {
            for (Scenario scenario : plan.scenarios()) {
                LabTally tally = new LabTally(scenario);
                while (tally.runs() < plan.times()) {
                    tally.add(player.next(() -> report.waiting(tally)));
                }
                report.ended(tally);
            }
        }
    }

    private List<Scenario> choose(Labs labs) {
        Set<Scenario> chosen = new LinkedHashSet<>();
        for (String word : words) {
            List<Scenario> found = labs.find(word);
            if (found.isEmpty()) {
                List<String> near = labs.suggestions(word);
                String meant = near.isEmpty() ? "" : "did you mean " + String.join(" or ", near) + "? ";
                throw new ConfigException(
                        "there is no lab '" + word + "'; " + meant + "'./jangada lab --list' names them all");
            }
            chosen.addAll(found);
        }
        return List.copyOf(chosen);
    }

    private void requireOnlyList() {
        if (seed != null || times != 1 || real || trace != null) {
            throw new ConfigException(
                    "--list only lists; leave out --seed, --times, --real and --trace, or leave out --list");
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
