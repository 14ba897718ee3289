package io.jangada.testkit.check;

/** A promise of the protocol was broken: this is always a bug, in the code under test or in its test. */
public final class SafetyViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String promise;

    /**
     * Says which promise was broken, and how.
     *
     * @param promise the name of the checker, for example {@code ElectionSafety}
     */
    public SafetyViolation(String promise, String message) {
        super(promise + ": " + message);
        this.promise = promise;
    }

    /** The name of the broken promise. */
    public String promise() {
        return promise;
    }
}
