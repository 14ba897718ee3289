package io.jangada.server.cli;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.lab.course.Labs;
import io.jangada.testkit.lab.course.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The lines of a report of labs. Each is printed as soon as its scenario has ended, so the columns are as wide as figures can get.
 *
 * <p>By the clock, the largest published figure stands behind a slash.
 */
final class LabTable {
    private static final OptionalLong NONE = OptionalLong.empty();

    private final LabPlan plan;
    private final int nameWidth;
    private final int passedWidth;

    LabTable(LabPlan plan) {
        this.plan = plan;
        int longest = 0;
        for (LabPart part : LabPart.values()) {
            longest = Math.max(longest, title(part).length());
        }
        for (Scenario scenario : plan.scenarios()) {
            longest = Math.max(longest, scenario.name().length());
        }
        this.nameWidth = longest;
        this.passedWidth =
                Math.max("passed".length(), passed(plan.times(), plan.times()).length());
    }

    static String title(LabPart part) {
        return part.label() + " " + Labs.about(part);
    }

    private static String passed(int passed, int of) {
        return String.format(Locale.ROOT, "%,d of %,d", passed, of);
    }

    String heading(LabPart part) {
        return line(
                title(part),
                "peers",
                plan.times() > 1 ? "passed" : "",
                List.of(
                        pair("seconds", 7, "publ.", 5),
                        pair("RPCs", 7, "publ.", 6),
                        pair("bytes", 11, "publ.", 10),
                        pair("agreements", 10, "publ.", 5)));
    }

    /** The line of a scenario; with several runs, of the largest figures. */
    String row(LabTally tally) {
        Published.Largest published = Published.largest(tally.scenario());
        Outcome ours = tally.largest();
        boolean counted = tally.passed() > 0;
        return line(
                tally.scenario().name(),
                Integer.toString(tally.scenario().servers()),
                plan.times() > 1 ? passed(tally.passed(), tally.runs()) : "",
                List.of(
                        seconds(tally.longestSeconds(), published.seconds()),
                        count(counted, ours.rpcs(), 7, published.rpcs(), 6),
                        count(counted, ours.bytes(), 11, published.bytes(), 10),
                        count(counted, ours.agreements(), 10, published.agreements(), 5)));
    }

    /** The sums of a part of which each scenario was played once. */
    String sum(double seconds, Outcome sums, OptionalDouble publishedSeconds) {
        return line(
                "together",
                "",
                "",
                List.of(
                        seconds(seconds, publishedSeconds),
                        count(true, sums.rpcs(), 7, NONE, 6),
                        count(true, sums.bytes(), 11, NONE, 10),
                        count(true, sums.agreements(), 10, NONE, 5)));
    }

    private String line(String name, String peers, String passed, List<String> figures) {
        List<String> cells = new ArrayList<>();
        cells.add(name + " ".repeat(nameWidth - name.length()));
        cells.add(right(peers, 5));
        if (plan.times() > 1) {
            cells.add(right(passed, passedWidth));
        }
        cells.addAll(figures);
        return String.join("  ", cells).stripTrailing();
    }

    private String seconds(double ours, OptionalDouble published) {
        return pair(
                String.format(Locale.ROOT, "%.1f", ours),
                7,
                published.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f", published.getAsDouble()),
                5);
    }

    private String count(boolean counted, long ours, int width, OptionalLong published, int publishedWidth) {
        return pair(
                counted ? String.format(Locale.ROOT, "%,d", ours) : "-",
                width,
                published.isEmpty() ? "-" : String.format(Locale.ROOT, "%,d", published.getAsLong()),
                publishedWidth);
    }

    private String pair(String ours, int width, String published, int publishedWidth) {
        String own = right(ours, width);
        return plan.isReal() ? own + " / " + right(published, publishedWidth) : own;
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
