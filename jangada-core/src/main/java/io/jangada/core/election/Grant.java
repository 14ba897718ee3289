package io.jangada.core.election;

/** What a node has for one that asks for its vote. */
public enum Grant {
    /** Nothing: the vote is taken, or the asker's log is not good enough. */
    NONE,
    /**
     * A vote like any other, but of a node that may have acknowledged entries which it lost and the asker does not have. It wins an election only if no voter at all has
     * refused: then nobody has those entries, and so they were never acknowledged.
     */
    DOUBTFUL,
    /** A vote, by §5.4.1. */
    PLAIN;

    public boolean isGiven() {
        return this != NONE;
    }
}
