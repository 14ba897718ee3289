package io.jangada.core.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A change of the membership that somebody wants: any number of steps that take effect together.
 *
 * @param steps what to change; each member is named by one step at most
 * @param expectedIndex refuse the change unless the latest membership came with this index ({@link MembershipAt#index}), or {@link #ANY}
 * @param force carry it out even if the new voters that can be reached now are no majority
 */
public record MembershipChange(List<MembershipStep> steps, long expectedIndex, boolean force) {
    /** The value of {@code expectedIndex} that accepts every present membership. */
    public static final long ANY = -1;

    public MembershipChange {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a membership change needs at least one step");
        }
        Set<NodeId> named = new HashSet<>();
        for (MembershipStep step : steps) {
            if (!named.add(step.node())) {
                throw new IllegalArgumentException(
                        "node " + step.node() + " is named by more than one step of " + steps);
            }
        }
    }

    public static MembershipChange of(MembershipStep... steps) {
        return new MembershipChange(List.of(steps), ANY, false);
    }

    /** The same, if nothing else has changed the membership since the entry at this index. */
    public MembershipChange ifAt(long index) {
        return new MembershipChange(steps, index, force);
    }

    /** The same, without asking whether the new voters can be reached. */
    public MembershipChange forced() {
        return new MembershipChange(steps, expectedIndex, true);
    }
}
