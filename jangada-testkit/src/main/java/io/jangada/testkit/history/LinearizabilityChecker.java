package io.jangada.testkit.history;

import io.jangada.testkit.history.CheckResult.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides whether a concurrent history could have come from a sequential object (Herlihy and Wing, 1990).
 *
 * <p>Searches for an order of the operations that respects real time and that the {@link Model} accepts: the algorithm of Wing and Gong
 * with Lowe's memory of visited configurations, one partition after the other. Deterministic unless the time of the budget
 * runs out. Has no state of its own; any thread.
 */
public final class LinearizabilityChecker<S, I, O> {
    private final Model<S, I, O> model;
    private final Budget budget;

    public LinearizabilityChecker(Model<S, I, O> model) {
        this(model, Budget.DEFAULT);
    }

    public LinearizabilityChecker(Model<S, I, O> model, Budget budget) {
        this.model = model;
        this.budget = budget;
    }

    /** Checks a history; the order of the list does not matter. A violation in any partition outweighs an undecided one. */
    public CheckResult check(List<Operation<I, O>> history) {
        Map<Object, List<Operation<I, O>>> partitions = new LinkedHashMap<>();
        for (Operation<I, O> operation : history) {
            partitions
                    .computeIfAbsent(model.partition(operation.input()), key -> new ArrayList<>())
                    .add(operation);
        }
        Allowance allowance = new Allowance(budget);
        String undecided = "";
        for (Map.Entry<Object, List<Operation<I, O>>> partition : partitions.entrySet()) {
            List<Operation<I, O>> operations = model.simplify(partition.getValue());
            PartitionSearch<S, I, O> search = new PartitionSearch<>(model, operations, allowance);
            Verdict verdict = search.run();
            if (verdict == Verdict.VIOLATION) {
                String text = new Explanation<>(model, operations).of(partition.getKey(), search.best());
                return new CheckResult(Verdict.VIOLATION, text, allowance.steps());
            }
            if (verdict == Verdict.UNDECIDED && undecided.isEmpty()) {
                undecided = "gave up in partition '" + partition.getKey() + "' (" + operations.size()
                        + " operations) after " + allowance.steps() + " steps: " + allowance.reason()
                        + "; raise the budget, or record fewer operations of unknown outcome";
            }
        }
        Verdict verdict = undecided.isEmpty() ? Verdict.LINEARIZABLE : Verdict.UNDECIDED;
        return new CheckResult(verdict, undecided, allowance.steps());
    }
}
