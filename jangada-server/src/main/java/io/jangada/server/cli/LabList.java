package io.jangada.server.cli;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.course.Labs;
import java.io.PrintWriter;
import java.util.List;

/** Names the scenarios of the labs, part by part. */
final class LabList {
    private LabList() {}

    static void print(PrintWriter out, List<Scenario> scenarios) {
        TextTable table = new TextTable("part", "name", "peers", "what it is about");
        for (LabPart part : LabPart.values()) {
            for (Scenario scenario : scenarios) {
                if (scenario.part() == part) {
                    table.row(part.label(), scenario.name(), Integer.toString(scenario.servers()), scenario.title());
                }
            }
        }
        table.lines().forEach(out::println);
        out.println();
        for (LabPart part : LabPart.values()) {
            if (scenarios.stream().anyMatch(scenario -> scenario.part() == part)) {
                out.println("  " + part.label() + " is " + Labs.about(part) + ".");
            }
        }
    }
}
