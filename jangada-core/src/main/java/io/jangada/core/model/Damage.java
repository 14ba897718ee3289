package io.jangada.core.model;

import java.util.List;

/**
 * What a node lacks of its log since its disk was damaged, for people.
 *
 * @param firstMissing the first entry that is missing and that other members are asked for; 0 if nobody knows whether one is
 * @param lastMissing the last entry that is missing before others that are intact, or before the end of what this node certainly had
 * @param promised what the node may have acknowledged and does not have durably again yet
 * @param lacking who has answered that it does not have the missing entries either
 * @param silent who was asked for them and has not answered
 */
public record Damage(
        long firstMissing, long lastMissing, Promised promised, List<NodeId> lacking, List<NodeId> silent) {
    /** Nothing is missing. */
    public static final Damage NONE = new Damage(0, 0, Promised.NOTHING, List.of(), List.of());

    public Damage {
        lacking = List.copyOf(lacking);
        silent = List.copyOf(silent);
    }

    /** Whether nothing is missing, or everything that was is there again. */
    public boolean isNone() {
        return firstMissing == 0 && promised.isNothing();
    }

    /** Whether entries are missing that were certainly there. */
    public boolean hasGap() {
        return firstMissing != 0;
    }
}
