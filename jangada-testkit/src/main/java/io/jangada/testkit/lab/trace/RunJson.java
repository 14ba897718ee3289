package io.jangada.testkit.lab.trace;

import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run as JSON, in the form that {@code model.js} reads: an object whose {@code events} are rows, one per line, led by a letter that
 * says what follows.
 *
 * <pre>
 * ["s", at, message, from, to, kind, text, bytes]   sent; kind is a position in "kinds"
 * ["d", at, message]                                delivered
 * ["x", at, message, why]                           lost
 * ["r", at, server, role, term]                     role
 * ["p", at, server, commit, applied]                progress
 * ["l", at, server, change]                         started, crashed, connected, disconnected
 * ["n", at, text]                                   note
 * </pre>
 */
final class RunJson {
    private final Writer out;
    private final Map<String, Integer> kinds = new LinkedHashMap<>();

    private RunJson(Writer out) {
        this.out = out;
    }

    static void write(Writer out, TraceRun run) throws IOException {
        new RunJson(out).write(run);
    }

    private void write(TraceRun run) throws IOException {
        for (TraceEvent event : run.events()) {
            if (event instanceof TraceEvent.Sent sent) {
                kinds.putIfAbsent(sent.kind(), kinds.size());
            }
        }
        text("{\"scenario\":", run.scenario());
        text(",\"mode\":", run.mode());
        // As a text, because a JavaScript number holds 53 bits only.
        text(",\"seed\":", Long.toString(run.seed()));
        out.write(",\"servers\":" + run.servers());
        text(",\"outcome\":", run.outcome());
        out.write(",\"dropped\":" + run.dropped());
        out.write(",\"kinds\":[");
        String comma = "";
        for (String kind : kinds.keySet()) {
            text(comma, kind);
            comma = ",";
        }
        out.write("],\n\"events\":[");
        comma = "\n";
        for (TraceEvent event : run.events()) {
            out.write(comma);
            row(event);
            comma = ",\n";
        }
        out.write("\n]}\n");
    }

    private void row(TraceEvent event) throws IOException {
        if (event instanceof TraceEvent.Sent e) {
            out.write("[\"s\"," + e.atNanos() + "," + e.message() + "," + e.from() + "," + e.to());
            text("," + kinds.get(e.kind()) + ",", e.text());
            out.write("," + e.bytes());
        } else if (event instanceof TraceEvent.Delivered e) {
            out.write("[\"d\"," + e.atNanos() + "," + e.message());
        } else if (event instanceof TraceEvent.Lost e) {
            text("[\"x\"," + e.atNanos() + "," + e.message() + ",", e.why());
        } else if (event instanceof TraceEvent.Role e) {
            text("[\"r\"," + e.atNanos() + "," + e.server() + ",", e.role());
            out.write("," + e.term());
        } else if (event instanceof TraceEvent.Progress e) {
            out.write("[\"p\"," + e.atNanos() + "," + e.server() + "," + e.commit() + "," + e.applied());
        } else if (event instanceof TraceEvent.Life e) {
            text("[\"l\"," + e.atNanos() + "," + e.server() + ",", e.change().name());
        } else if (event instanceof TraceEvent.Note e) {
            text("[\"n\"," + e.atNanos() + ",", e.text());
        }
        out.write("]");
    }

    private void text(String before, String text) throws IOException {
        out.write(before);
        Json.string(out, text);
    }
}
