package io.jangada.core.model;

import java.util.List;

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
        if (steps.stream().map(MembershipStep::node).distinct().count() < steps.size()) {
            throw new IllegalArgumentException("a member is named by more than one step of " + steps);
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
