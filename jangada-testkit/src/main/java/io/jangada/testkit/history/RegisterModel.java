package io.jangada.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Independent registers, one for each key, that hold a text: put, append, get. A register that was never written holds the empty text.
 *
 * <p>The answer to a get is the text; the answer to a put or an append is {@link #DONE}. Histories are checked much faster when all
 * written values differ.
 */
public final class RegisterModel implements Model<String, RegisterModel.Op, String> {

    /** The answer to a write. */
    public static final String DONE = "done";

    /** What a client asks of a register. */
    public sealed interface Op {
        String key();
    }

    /** Replaces the text. */
    public record Put(String key, String value) implements Op {
        @Override
        public String toString() {
            return "put(" + key + ", " + value + ")";
        }
    }

    /** Adds to the end of the text. */
    public record Append(String key, String value) implements Op {
        @Override
        public String toString() {
            return "append(" + key + ", " + value + ")";
        }
    }

    /** Reads the text. */
    public record Get(String key) implements Op {
        @Override
        public String toString() {
            return "get(" + key + ")";
        }
    }

    /** An append whose text must fit one that was read: see {@link #leadingTo}. */
    private record Leading(Append append, String read) implements Op {
        @Override
        public String key() {
            return append.key();
        }

        @Override
        public String toString() {
            return append.toString();
        }
    }

    @Override
    public String initial() {
        return "";
    }

    @Override
    public @Nullable String step(String state, Op input, @Nullable String output) {
        if (input instanceof Put put) {
            return put.value();
        }
        if (input instanceof Append append) {
            return state + append.value();
        }
        if (input instanceof Leading leading) {
            String next = state + leading.append().value();
            return leading.read().startsWith(next) || next.startsWith(leading.read()) ? next : null;
        }
        return output == null || output.equals(state) ? state : null;
    }

    @Override
    public boolean readOnly(Op input, String output) {
        return input instanceof Get;
    }

    @Override
    public Object partition(Op input) {
        return input.key();
    }

    @Override
    public List<Operation<Op, String>> simplify(List<Operation<Op, String>> operations) {
        boolean putsOnly = operations.stream().noneMatch(each -> each.input() instanceof Append);
        if (!putsOnly) {
            return leadingTo(operations.stream()
                    .filter(each -> each.happened() || !(each.input() instanceof Get))
                    .toList());
        }
        Map<String, Integer> writers = new HashMap<>();
        Map<String, Long> firstSeen = new HashMap<>();
        for (Operation<Op, String> each : operations) {
            String output = each.output();
            if (each.input() instanceof Put put) {
                writers.merge(put.value(), 1, Integer::sum);
            } else if (output != null) {
                firstSeen.merge(output, each.returned(), Math::min);
            }
        }
        List<Operation<Op, String>> simpler = new ArrayList<>(operations.size());
        for (Operation<Op, String> each : operations) {
            if (each.happened()) {
                simpler.add(each);
            } else if (each.input() instanceof Put put) {
                Long seen = firstSeen.get(put.value());
                boolean onlyWriter = writers.getOrDefault(put.value(), 0) == 1
                        && !put.value().isEmpty();
                if (seen != null) {
                    // Seen before it was asked for: left as it is, the search will find the contradiction.
                    simpler.add(onlyWriter && seen >= each.invoked() ? happenedBy(each, seen) : each);
                }
            }
        }
        return simpler;
    }

    /**
     * Where nothing is put behind the first append or get, the text only grows: whatever it is at any time begins like the longest text that was read, or with it. Without knowing that, the search
     * would try every order of appends that nobody read in between.
     */
    private static List<Operation<Op, String>> leadingTo(List<Operation<Op, String>> operations) {
        long lastPut = Long.MIN_VALUE;
        long firstOther = Long.MAX_VALUE;
        String longest = "";
        for (Operation<Op, String> each : operations) {
            String output = each.output();
            if (each.input() instanceof Put) {
                lastPut = Math.max(lastPut, each.returned());
            } else {
                firstOther = Math.min(firstOther, each.invoked());
            }
            if (each.input() instanceof Get && output != null && output.length() > longest.length()) {
                longest = output;
            }
        }
        if (longest.isEmpty() || lastPut >= firstOther) {
            return operations;
        }
        String read = longest;
        return operations.stream().map(each -> leadingTo(read, each)).toList();
    }

    private static Operation<Op, String> leadingTo(String read, Operation<Op, String> operation) {
        return operation.input() instanceof Append append
                ? new Operation<>(
                        operation.client(),
                        operation.invoked(),
                        operation.returned(),
                        new Leading(append, read),
                        operation.output())
                : operation;
    }

    private static Operation<Op, String> happenedBy(Operation<Op, String> operation, long time) {
        return new Operation<>(operation.client(), operation.invoked(), time, operation.input(), null);
    }

    @Override
    public String describe(Op input, @Nullable String output) {
        if (input instanceof Get) {
            return input + " -> " + (output == null ? "?" : "\"" + output + "\"");
        }
        return input + (output == null ? " -> unknown" : "");
    }
}
