package io.jangada.testkit.lab.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The page of a run: one HTML file that needs nothing else, neither network nor fonts nor other files, and draws the run as a
 * space-time diagram. How to read it is written in {@code docs/lab-trace.md}.
 */
public final class TracePage {
    /** A line of the template that stands for a file beside it. */
    private static final String INCLUDE = "<!-- include ";

    private static final String END = " -->";

    /** The line of the template that stands for the run. */
    private static final String RUN = "<!-- run -->";

    private TracePage() {}

    /**
     * Writes the page of this run into a file, in place of what it held before.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, TraceRun run) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            write(out, run);
        }
    }

    /**
     * Writes the page of this run; the writer must encode as UTF-8 and stays open.
     *
     * @throws IOException if the writer fails
     */
    public static void write(Writer out, TraceRun run) throws IOException {
        // Line by line and never by replacing text, so that nothing in the run or in the scripts can be taken for a
        // mark.
        try (BufferedReader template = resource("page.html")) {
            for (String line = template.readLine(); line != null; line = template.readLine()) {
                String mark = line.strip();
                if (mark.equals(RUN)) {
                    RunJson.write(out, run);
                } else if (mark.startsWith(INCLUDE) && mark.endsWith(END)) {
                    copy(out, mark.substring(INCLUDE.length(), mark.length() - END.length()));
                } else {
                    out.write(line);
                    out.write('\n');
                }
            }
        }
    }

    private static void copy(Writer out, String name) throws IOException {
        try (BufferedReader part = resource(name)) {
            part.transferTo(out);
        }
    }

    private static BufferedReader resource(String name) {
        InputStream in = TracePage.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(
                    "the jar lacks the part " + name + " of the page of a trace; it was not built or packed whole");
        }
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
}
