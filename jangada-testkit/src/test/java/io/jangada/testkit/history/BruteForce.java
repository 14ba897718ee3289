package io.jangada.testkit.history;

import java.util.List;

/** The definition of linearizability, carried out literally: tries every order of every subset that may have happened. For tiny histories. */
final class BruteForce<S, I, O> {
    private final Model<S, I, O> model;

    BruteForce(Model<S, I, O> model) {
        this.model = model;
    }

    boolean linearizable(List<Operation<I, O>> history) {
        return extend(history, new boolean[history.size()], model.initial());
    }

    private boolean extend(List<Operation<I, O>> history, boolean[] placed, S state) {
        boolean complete = true;
        for (int i = 0; i < history.size(); i++) {
            complete &= placed[i] || !history.get(i).happened();
        }
        if (complete) {
            return true;
        }
        for (int i = 0; i < history.size(); i++) {
            if (!placed[i] && mayComeNext(history, placed, i)) {
                Operation<I, O> operation = history.get(i);
                S next = model.step(state, operation.input(), operation.output());
                if (next != null) {
                    placed[i] = true;
                    boolean found = extend(history, placed, next);
                    placed[i] = false;
                    if (found) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean mayComeNext(List<Operation<I, O>> history, boolean[] placed, int candidate) {
        for (int i = 0; i < history.size(); i++) {
            if (!placed[i] && history.get(i).returned() < history.get(candidate).invoked()) {
                return false;
            }
        }
        return true;
    }
}
