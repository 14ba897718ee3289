package io.jangada.core.model;

/** One thing to change in a membership. Several steps are carried out together, in one change. */
public sealed interface MembershipStep {
    /** The member it is about. */
    NodeId node();

    /** A new member that is sent the log and has no vote. */
    record AddLearner(NodeId node, MemberInfo info) implements MembershipStep {}

    /**
     * A new member that will vote: added as a learner, and made a voter by the leader when it has caught up. If it does not catch up within a bounded
     * number of rounds (thesis §4.2.1) it stays a learner.
     */
    record AddVoter(NodeId node, MemberInfo info) implements MembershipStep {}

    /** As {@link AddVoter}, and in the step in which it becomes a voter {@code leaving} is removed. */
    record Replace(NodeId node, MemberInfo info, NodeId leaving) implements MembershipStep {}

    /** A learner becomes a voter now; refused while it is too far behind. */
    record Promote(NodeId node) implements MembershipStep {}

    /** A voter becomes a learner. */
    record Demote(NodeId node) implements MembershipStep {}

    /** A member leaves. */
    record Remove(NodeId node) implements MembershipStep {}

    /** A member's address or priority changes; its known incarnation stays. */
    record Describe(NodeId node, MemberInfo info) implements MembershipStep {}
}
