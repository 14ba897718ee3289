package io.jangada.testkit.history;

import io.jangada.testkit.history.CheckResult.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for a legal order of the operations of one partition.
 *
 * <p>Invocations and returns form a list in order of time, from which an operation is taken out when it gets its place and into which it
 * is put back when the search backtracks. Whatever is invoked before the first return in the list may come next. An
 * operation that never returned has no return in the list, so it need not be placed at all.
 */
final class PartitionSearch<S, I, O> {

    /** How far the search came: the operations in the order found, the state they lead to, and the one whose return was then due. */
    record Furthest<S>(List<Integer> placed, S state, int due) {}

    private static final int HEAD = 0;

    private final Model<S, I, O> model;
    private final List<Operation<I, O>> operations;
    private final Allowance allowance;
    private final EventList events;
    private final PlacedSet placed;
    private final Set<Configuration<S>> visited = new HashSet<>();
    private final int[] stack;
    private final boolean[] forced;
    private final List<S> statesBefore = new ArrayList<>();
    private int depth;
    private int mustHappen;
    private S state;
    private @Nullable Furthest<S> furthest;

    PartitionSearch(Model<S, I, O> model, List<Operation<I, O>> operations, Allowance allowance) {
        this.model = model;
        this.operations = operations;
        this.allowance = allowance;
        this.events = EventList.of(operations);
        this.placed = new PlacedSet(operations);
        this.stack = new int[operations.size()];
        this.forced = new boolean[operations.size()];
        this.state = model.initial();
        for (Operation<I, O> operation : operations) {
            mustHappen += operation.happened() ? 1 : 0;
        }
    }

    Verdict run() {
        int cursor = startOfTurn();
        while (mustHappen > 0) {
            if (cursor == EventList.SPENT) {
                return Verdict.UNDECIDED;
            }
            if (events.isReturn(cursor)) {
                remember(events.operation(cursor));
                cursor = backtrack();
                if (cursor == HEAD) {
                    return Verdict.VIOLATION;
                }
                continue;
            }
            int candidate = events.operation(cursor);
            Operation<I, O> operation = operations.get(candidate);
            if (!allowance.step(visited.size())) {
                return Verdict.UNDECIDED;
            }
            S next = model.step(state, operation.input(), operation.output());
            boolean useless = next == null || (!operation.happened() && next.equals(state));
            if (!useless && next != null && visited.add(placed.configurationWith(candidate, next))) {
                place(candidate, next, false);
                cursor = startOfTurn();
            } else {
                cursor = events.next(cursor);
            }
        }
        return Verdict.LINEARIZABLE;
    }

    /** How far the search came before it failed. */
    Furthest<S> best() {
        Furthest<S> best = furthest;
        if (best == null) {
            throw new IllegalStateException("asked for an explanation of a search that never failed");
        }
        return best;
    }

    /**
     * Places every read that fits now and may come now: it changes nothing, so no order is lost, and the alternatives need not be tried.
     * Returns the first event to look at.
     */
    private int startOfTurn() {
        for (int event = events.next(HEAD); events.isOpenInvocation(event); event = events.next(event)) {
            int candidate = events.operation(event);
            Operation<I, O> operation = operations.get(candidate);
            O output = operation.output();
            if (output == null || !model.readOnly(operation.input(), output)) {
                continue;
            }
            if (!allowance.step(visited.size())) {
                return EventList.SPENT;
            }
            if (model.step(state, operation.input(), output) != null) {
                place(candidate, state, true);
            }
        }
        return events.next(HEAD);
    }

    private void place(int candidate, S next, boolean isForced) {
        statesBefore.add(state);
        stack[depth] = candidate;
        forced[depth] = isForced;
        depth++;
        state = next;
        placed.add(candidate);
        events.take(candidate);
        mustHappen -= operations.get(candidate).happened() ? 1 : 0;
    }

    /** Undoes places up to and including the last one that had an alternative; the event after it comes next, or HEAD if there is none. */
    private int backtrack() {
        while (depth > 0) {
            depth--;
            int candidate = stack[depth];
            state = statesBefore.remove(depth);
            placed.remove(candidate);
            events.putBack(candidate);
            mustHappen += operations.get(candidate).happened() ? 1 : 0;
            if (!forced[depth]) {
                return events.next(events.invocation(candidate));
            }
        }
        return HEAD;
    }

    private void remember(int due) {
        Furthest<S> best = furthest;
        if (best == null || depth > best.placed().size()) {
            furthest = new Furthest<>(Arrays.stream(stack, 0, depth).boxed().toList(), state, due);
        }
    }

    /** The invocations and returns that are still to be passed, doubly linked by position so that taking out and putting back are cheap. */
    private static final class EventList {
        static final int SPENT = -1;

        private final int[] next;
        private final int[] previous;
        private final int[] operation;
        private final boolean[] isReturn;
        private final int[] invocation;
        private final int[] returning;

        private EventList(int operations, int events) {
            next = new int[events + 2];
            previous = new int[events + 2];
            operation = new int[events + 2];
            isReturn = new boolean[events + 2];
            invocation = new int[operations];
            returning = new int[operations];
        }

        static <I, O> EventList of(List<Operation<I, O>> operations) {
            record Moment(long time, boolean isReturn, int operation) {}
            List<Moment> moments = new ArrayList<>();
            for (int i = 0; i < operations.size(); i++) {
                Operation<I, O> each = operations.get(i);
                moments.add(new Moment(each.invoked(), false, i));
                if (each.happened()) {
                    moments.add(new Moment(each.returned(), true, i));
                }
            }
            // At equal times invocations come first: such operations count as concurrent.
            moments.sort(Comparator.comparingLong(Moment::time)
                    .thenComparing(Moment::isReturn)
                    .thenComparingInt(Moment::operation));
            EventList list = new EventList(operations.size(), moments.size());
            for (int i = 0; i < moments.size(); i++) {
                Moment moment = moments.get(i);
                int event = i + 1;
                list.operation[event] = moment.operation();
                list.isReturn[event] = moment.isReturn();
                (moment.isReturn() ? list.returning : list.invocation)[moment.operation()] = event;
            }
            int end = moments.size() + 1;
            for (int event = 0; event < end; event++) {
                list.next[event] = event + 1;
                list.previous[event + 1] = event;
            }
            list.isReturn[end] = true;
            return list;
        }

        int next(int event) {
            return next[event];
        }

        int operation(int event) {
            return operation[event];
        }

        int invocation(int candidate) {
            return invocation[candidate];
        }

        boolean isReturn(int event) {
            return isReturn[event];
        }

        boolean isOpenInvocation(int event) {
            return !isReturn[event];
        }

        void take(int candidate) {
            unlink(invocation[candidate]);
            if (returning[candidate] != 0) {
                unlink(returning[candidate]);
            }
        }

        void putBack(int candidate) {
            if (returning[candidate] != 0) {
                link(returning[candidate]);
            }
            link(invocation[candidate]);
        }

        private void unlink(int event) {
            next[previous[event]] = next[event];
            previous[next[event]] = previous[event];
        }

        private void link(int event) {
            next[previous[event]] = event;
            previous[next[event]] = event;
        }
    }
}
