package io.jangada.testkit.sim;

import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.Digest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened, as one number that two equal runs share, and on request as a text with one line per event and one column per node.
 *
 * <p>The text keeps the last {@value #MAX_LINES} lines.
 */
public final class Trace {
    private static final int MAX_LINES = 50_000;
    private static final int COLUMN = 34;

    private final Scheduler scheduler;
    private final List<NodeId> columns;
    private final boolean keepText;
    private final Deque<String> lines = new ArrayDeque<>();
    private long hash;

    Trace(Scheduler scheduler, List<NodeId> columns, boolean keepText) {
        this.scheduler = scheduler;
        this.columns = List.copyOf(columns);
        this.keepText = keepText;
    }

    /** Something happened on this node; the text is made only if somebody will read it. */
    void on(NodeId node, long fingerprint, Supplier<String> text) {
        note(Digest.mix(node.value(), fingerprint));
        if (keepText) {
            int column = columns.indexOf(node);
            add("|" + " ".repeat(COLUMN - 1), column, text.get());
        }
    }

    /** Something happened to the world. */
    void world(long fingerprint, Supplier<String> text) {
        note(fingerprint);
        if (keepText) {
            keep(time() + " -- " + text.get());
        }
    }

    private void note(long fingerprint) {
        hash = Digest.mix(Digest.mix(hash, scheduler.now()), fingerprint);
    }

    private void add(String empty, int column, String text) {
        StringBuilder line = new StringBuilder(time()).append(' ');
        line.append(empty.repeat(column)).append("| ").append(text);
        keep(line.toString());
    }

    private String time() {
        return String.format("%12.3f", scheduler.now() / 1e6);
    }

    private void keep(String line) {
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    /** A number that depends on every event so far, its time and its order. */
    public long hash() {
        return hash;
    }

    /** The text: a headline, then one line per event; times in milliseconds. Empty unless it was asked for. */
    public List<String> lines() {
        if (!keepText) {
            return List.of();
        }
        StringBuilder head = new StringBuilder("          ms ");
        for (NodeId node : columns) {
            head.append(String.format("| %-" + (COLUMN - 2) + "s", "node " + node));
        }
        Deque<String> all = new ArrayDeque<>(lines);
        all.addFirst(head.toString());
        return List.copyOf(all);
    }
}
