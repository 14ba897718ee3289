package io.jangada.testkit.history;

/**
 * What a check has found, and why.
 *
 * @param explanation empty for a linearizable history; otherwise some lines for a human
 * @param steps how often the model was asked
 */
public record CheckResult(Verdict verdict, String explanation, long steps) {

    /** The three possible ends of a check. */
    public enum Verdict {
        LINEARIZABLE,
        VIOLATION,
        /** The budget ran out first; nothing is proved. */
        UNDECIDED
    }

    public boolean linearizable() {
        return verdict == Verdict.LINEARIZABLE;
    }
}
