package io.jangada.server.cli;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.lab.course.Published;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** What {@code jangada lab} prints: a line for each scenario, the reasons of what failed, and how it went as a whole. */
final class LabReport {
    private static final String CLEAR = "\r\u001B[K";

    private final PrintWriter out;
    private final Ansi ansi;
    private final LabPlan plan;
    private final LabTable table;
    private final long beganNanos = System.nanoTime();
    private final List<LabTally> done = new ArrayList<>();
    private final boolean hasMarks = hasMarks();
    private @Nullable LabPart part;

    /** {@code ansi}: whether there is a terminal, which shows colours and what is going on. */
    LabReport(PrintWriter out, Ansi ansi, LabPlan plan) {
        this.out = out;
        this.ansi = ansi;
        this.plan = plan;
        this.table = new LabTable(plan);
    }

    private static boolean hasMarks() {
        return Charset.forName(System.getProperty("native.encoding", "US-ASCII"))
                .newEncoder()
                .canEncode('\u2713');
    }

    /** Says what will be played, and how to play it again. */
    void begin() {
        out.println((plan.isReal() ? "Real time" : "Virtual time") + ", seed " + plan.seed()
                + (plan.times() > 1 ? " and those after it; the largest figures of all runs" : "")
                + ". Again: " + plan.again());
        if (plan.isReal()) {
            out.println(
                    "Behind each slash: the largest figure among the sample outputs that the course has published.");
            out.println(
                    "A scenario with two passes, SnapshotAllCrash or SnapshotInit, counts its larger one: each sample is of one.");
        }
        out.flush();
    }

    /** The next scenario has not ended yet. */
    void waiting(LabTally tally) {
        if (ansi.enabled()) {
            heading(tally.scenario());
            String runs = plan.times() > 1 ? tally.runs() + " of " + plan.times() + ", " : "";
            out.printf(
                    Locale.ROOT,
                    "%s    %s ... %s%.0f s",
                    CLEAR,
                    tally.scenario().name(),
                    runs,
                    sinceBegin().toMillis() / 1e3);
            out.flush();
        }
    }

    private void heading(Scenario next) {
        if (part != next.part()) {
            sumOfPart();
            part = next.part();
            out.println();
            out.println(ansi.string("@|bold " + mark("", "") + table.heading(next.part()) + "|@"));
        }
    }

    /** A scenario has been played as often as was asked. */
    void ended(LabTally tally) {
        if (ansi.enabled()) {
            out.print(CLEAR);
        }
        heading(tally.scenario());
        done.add(tally);
        String mark = tally.allPassed() ? mark("\u2713", "ok") : mark("\u2717", "FAILED");
        out.println(ansi.string("@|" + (tally.allPassed() ? "green " : "red,bold ") + mark + "|@") + table.row(tally));
        LabFailures.lines(plan, tally).forEach(line -> out.println(mark("", "") + "  " + line));
        out.flush();
    }

    /** The first column: a sign where the terminal can show it, otherwise a word. */
    private String mark(String sign, String word) {
        return String.format(Locale.ROOT, hasMarks ? "  %-2s" : "  %-8s", hasMarks ? sign : word);
    }

    private void sumOfPart() {
        LabPart ending = part;
        List<LabTally> played =
                done.stream().filter(tally -> tally.scenario().part() == ending).toList();
        if (ending != null && plan.times() == 1 && played.size() > 1) {
            Outcome sums = new Outcome(
                    played.stream().mapToLong(tally -> tally.largest().rpcs()).sum(),
                    played.stream().mapToLong(tally -> tally.largest().bytes()).sum(),
                    played.stream()
                            .mapToLong(tally -> tally.largest().agreements())
                            .sum());
            OptionalDouble published =
                    plan.isWhole(ending) ? OptionalDouble.of(Published.seconds(ending)) : OptionalDouble.empty();
            out.println(mark("", "") + table.sum(seconds(played), sums, published));
        }
    }

    private static double seconds(List<LabTally> played) {
        return played.stream().mapToDouble(LabTally::sumOfSeconds).sum();
    }

    /** Says how it went as a whole. */
    void end() {
        sumOfPart();
        long runs = done.stream().mapToLong(LabTally::runs).sum();
        long passed = done.stream().mapToLong(LabTally::passed).sum();
        out.println();
        String counts = String.format(Locale.ROOT, "%,d of %,d passed", passed, runs);
        String took = plan.isReal()
                ? String.format(
                        Locale.ROOT, "%.1f s, with %s s of CPU", sinceBegin().toMillis() / 1e3, cpuSeconds())
                : String.format(
                        Locale.ROOT,
                        "%,.1f virtual seconds in %.1f s",
                        seconds(done),
                        sinceBegin().toMillis() / 1e3);
        out.println(ansi.string("@|bold" + (passed == runs ? " " : ",red ") + counts + "|@") + ": " + took + ".");
        if (plan.times() > 1) {
            out.println("Seeds " + plan.seed() + " to " + (plan.seed() + plan.times() - 1) + " of " + done.size()
                    + (done.size() == 1 ? " scenario." : " scenarios."));
        }
        done.stream()
                .filter(tally -> !tally.allPassed())
                .forEach(tally -> out.println("Failed: "
                        + tally.scenario().name() + ", " + (tally.runs() - tally.passed()) + " of " + tally.runs()
                        + "; "
                        + plan.again(tally.scenario(), tally.failedSeeds().get(0))));
        if (plan.isReal()) {
            comparison();
        }
        out.flush();
    }

    private void comparison() {
        // The clients of the key-value labs do as much as they can in a given time, so the faster Raft has the higher
        // counts there.
        List<LabTally> comparable = done.stream()
                .filter(tally -> tally.scenario().part().compareTo(LabPart.KV) < 0)
                .toList();
        if (comparable.isEmpty()) {
            return;
        }
        List<String> above = new ArrayList<>();
        for (LabTally tally : comparable) {
            Published.Largest published = Published.largest(tally.scenario());
            published
                    .rpcs()
                    .ifPresent(most -> more(above, tally, tally.largest().rpcs(), most, "RPCs"));
            published
                    .bytes()
                    .ifPresent(most -> more(above, tally, tally.largest().bytes(), most, "bytes"));
        }
        out.println(
                above.isEmpty()
                        ? "No count of RPCs or bytes is above the largest published one."
                        : "Above the largest published count: " + String.join("; ", above) + ".");
    }

    private static void more(List<String> above, LabTally tally, long ours, long most, String what) {
        if (ours > most) {
            above.add(String.format(
                    Locale.ROOT, "%s, %,d %s > %,d", tally.scenario().name(), ours, what, most));
        }
    }

    private Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    private static String cpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(cpu -> String.format(Locale.ROOT, "%.1f", cpu.toMillis() / 1e3))
                .orElse("an unknown number of");
    }

    boolean allPassed() {
        return done.stream().allMatch(LabTally::allPassed);
    }
}
