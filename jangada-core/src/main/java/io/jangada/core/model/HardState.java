package io.jangada.core.model;

/** What a node must never forget: the latest term it has seen, and whom it voted for in that term (Figure 2, "persistent state"). */
public record HardState(long term, NodeId votedFor) {

    /** The hard state of a node that has never run. */
    public static final HardState INITIAL = new HardState(0, NodeId.NONE);

    public HardState {
        if (term < 0) {
            throw new IllegalArgumentException("term " + term + " is negative");
        }
    }
}
