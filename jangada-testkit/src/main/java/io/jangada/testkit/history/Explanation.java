package io.jangada.testkit.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in a few lines why a history has no legal order: how far one could be found, and which operations are stuck there. */
final class Explanation<S, I, O> {
    private static final int SHOWN_PLACED = 8;
    private static final int SHOWN_OPEN = 12;

    private final Model<S, I, O> model;
    private final List<Operation<I, O>> operations;

    Explanation(Model<S, I, O> model, List<Operation<I, O>> operations) {
        this.model = model;
        this.operations = operations;
    }

    String of(Object partition, PartitionSearch.Furthest<S> furthest) {
        List<Integer> placed = furthest.placed();
        boolean[] isPlaced = new boolean[operations.size()];
        for (int operation : placed) {
            isPlaced[operation] = true;
        }
        StringBuilder text = new StringBuilder();
        text.append("partition '")
                .append(partition)
                .append("': no order of its ")
                .append(operations.size());
        text.append(" operations explains what the clients were told.\n");
        text.append("The longest order found has ").append(placed.size()).append(" operations");
        text.append(placed.size() > SHOWN_PLACED ? "; the last of them:\n" : ":\n");
        for (int i = Math.max(0, placed.size() - SHOWN_PLACED); i < placed.size(); i++) {
            line(text, placed.get(i));
        }
        text.append("  state: ").append(furthest.state()).append('\n');
        Operation<I, O> due = operations.get(furthest.due());
        text.append("Then this one should come, and does not fit:\n");
        line(text, furthest.due());
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            if (!isPlaced[i] && i != furthest.due() && operations.get(i).invoked() <= due.returned()) {
                open.add(i);
            }
        }
        if (!open.isEmpty()) {
            text.append("Not yet placed at that time, and of no help:\n");
            open.stream().limit(SHOWN_OPEN).forEach(i -> line(text, i));
            if (open.size() > SHOWN_OPEN) {
                text.append("  and ").append(open.size() - SHOWN_OPEN).append(" more\n");
            }
        }
        return text.toString();
    }

    private void line(StringBuilder text, int index) {
        Operation<I, O> operation = operations.get(index);
        @Nullable O output = operation.output();
        text.append("  [").append(operation.invoked()).append(" .. ");
        text.append(operation.happened() ? Long.toString(operation.returned()) : "never")
                .append("] client ");
        text.append(operation.client()).append(": ");
        text.append(model.describe(operation.input(), output)).append('\n');
    }
}
