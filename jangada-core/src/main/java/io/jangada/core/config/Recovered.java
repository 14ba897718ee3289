package io.jangada.core.config;

import io.jangada.core.model.LogState;

/** What the disk remembered: the log, and how far the state machine has applied it (0 for one that keeps its state in memory). */
public record Recovered(LogState log, long applied) {

    public static final Recovered NOTHING = new Recovered(LogState.EMPTY, 0);

    public Recovered {
        if (applied < log.firstIndex() - 1 || applied > log.lastIndex()) {
            throw new IllegalArgumentException("the state machine has applied up to " + applied + ", but the log holds "
                    + log.firstIndex() + ".." + log.lastIndex());
        }
    }
}
