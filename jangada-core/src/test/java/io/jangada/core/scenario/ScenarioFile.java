package io.jangada.core.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * A scenario file: comments ({@code #}), commands ({@code >}), and below each command what it makes happen. Running it gives the same file with what happens now.
 */
final class ScenarioFile {
    private final String name;
    private final List<String> lines;

    ScenarioFile(String name, String text) {
        this.name = name;
        this.lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).startsWith("# ")) {
            throw new IllegalArgumentException(name + " must begin with comments that say why it exists");
        }
    }

    /** The same comments and commands with what happens now. */
    String run() {
        Commands commands = new Commands();
        List<String> out = new ArrayList<>();
        boolean gap = false;
        for (String line : lines) {
            if (line.startsWith("#")) {
                separate(out, gap);
                gap = false;
                out.add(line);
            } else if (line.startsWith(">")) {
                separate(out, gap);
                List<String> happened = run(commands, line);
                out.add(line.stripTrailing());
                out.addAll(happened);
                gap = !happened.isEmpty();
            } else if (line.isBlank()) {
                gap = true;
            }
        }
        return String.join("\n", out) + "\n";
    }

    private static void separate(List<String> out, boolean gap) {
        if (gap && !out.isEmpty() && !out.get(out.size() - 1).isEmpty()) {
            out.add("");
        }
    }

    private List<String> run(Commands commands, String line) {
        try {
            return commands.run(line.substring(1));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(name + ": '" + line + "' failed: " + e.getMessage(), e);
        }
    }
}
