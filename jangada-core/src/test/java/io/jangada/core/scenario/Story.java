package io.jangada.core.scenario;

import java.util.List;

/** A scenario inside a Java test: commands as in the files, and what the last of them made happen. */
final class Story {
    private final Commands commands = new Commands();

    /** Runs these commands; returns what the last one made happen, as text. */
    String run(String... lines) {
        List<String> last = List.of();
        for (String line : lines) {
            try {
                last = commands.run(line);
            } catch (RuntimeException e) {
                throw new AssertionError("'" + line + "' failed: " + e.getMessage(), e);
            }
        }
        return String.join("\n", last);
    }

    /** A group of so many, of which node 1 leads and has been heard by everybody. */
    static Story led(String group) {
        Story story = new Story();
        story.run("group " + group, "elect 1", "pass 200ms");
        return story;
    }
}
