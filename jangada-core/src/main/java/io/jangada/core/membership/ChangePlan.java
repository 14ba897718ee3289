package io.jangada.core.membership;

import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a change make of a membership.
 *
 * <p>The result is what stands in the next entry of the log: joint, if voters come or go (§6), whatever their number; plain if only learners or what is known of members changes.
 */
public final class ChangePlan {
    private final SortedSet<NodeId> voters;
    private final SortedSet<NodeId> learners;
    private final SortedMap<NodeId, NodeId> promotions;
    private final SortedMap<NodeId, MemberInfo> info;
    private final Membership before;
    private @Nullable ChangeRefusal refusal;

    private ChangePlan(Membership before) {
        this.before = before;
        this.voters = new TreeSet<>(before.voters());
        this.learners = new TreeSet<>(before.learners());
        this.promotions = new TreeMap<>(before.promotions());
        this.info = new TreeMap<>(before.info());
    }

    /** The plan for these steps on a membership that is not joint. */
    public static ChangePlan of(Membership before, List<MembershipStep> steps) {
        ChangePlan plan = new ChangePlan(before);
        for (MembershipStep step : steps) {
            plan.refusal = plan.refusal == null ? plan.take(step) : plan.refusal;
        }
        if (plan.refusal == null) {
            plan.refusal = plan.judge();
        }
        return plan;
    }

    /** The plan for a change that somebody asked for. */
    public static ChangePlan of(Membership before, MembershipChange change) {
        return of(before, change.steps());
    }

    /** Learners that have caught up become voters, and those whom they replace leave. */
    public static ChangePlan promoting(Membership before, List<NodeId> learners) {
        ChangePlan plan = new ChangePlan(before);
        for (NodeId learner : learners) {
            NodeId leaving = before.promotions().getOrDefault(learner, NodeId.NONE);
            plan.learners.remove(learner);
            plan.promotions.remove(learner);
            plan.voters.add(learner);
            plan.voters.remove(leaving);
        }
        plan.refusal = plan.judge();
        return plan;
    }

    /** Learners that did not catch up in time stay learners. */
    public static ChangePlan givingUp(Membership before, List<NodeId> learners) {
        ChangePlan plan = new ChangePlan(before);
        plan.promotions.keySet().removeAll(learners);
        plan.refusal = plan.judge();
        return plan;
    }

    /** Why the change makes no sense, or null. */
    public @Nullable ChangeRefusal refusal() {
        return refusal;
    }

    /** What is to be appended. Only without a refusal. */
    public Membership next() {
        promotions.replaceAll((learner, leaving) -> voters.contains(leaving) ? leaving : NodeId.NONE);
        List<NodeId> target = List.copyOf(voters);
        List<NodeId> outgoing = target.equals(before.voters()) ? List.of() : before.voters();
        SortedMap<NodeId, MemberInfo> kept = new TreeMap<>(info);
        kept.keySet().removeIf(node -> !voters.contains(node) && !learners.contains(node) && !outgoing.contains(node));
        return new Membership(target, List.copyOf(learners), outgoing, promotions, kept);
    }

    private @Nullable ChangeRefusal judge() {
        if (voters.isEmpty()) {
            return ChangeRefusal.NO_VOTER_LEFT;
        }
        return next().equals(before) ? ChangeRefusal.NOTHING_TO_CHANGE : null;
    }

    private boolean isMember(NodeId node) {
        return voters.contains(node) || learners.contains(node);
    }

    private @Nullable ChangeRefusal take(MembershipStep step) {
        if (step instanceof MembershipStep.AddLearner add) {
            return isMember(add.node()) ? ChangeRefusal.ALREADY_MEMBER : admit(add.node(), add.info());
        } else if (step instanceof MembershipStep.AddVoter add) {
            return admitToPromote(add.node(), add.info(), NodeId.NONE);
        } else if (step instanceof MembershipStep.Replace replace) {
            return before.voters().contains(replace.leaving())
                    ? admitToPromote(replace.node(), replace.info(), replace.leaving())
                    : ChangeRefusal.NOT_A_MEMBER;
        } else if (step instanceof MembershipStep.Promote promote) {
            return promote(promote.node());
        } else if (step instanceof MembershipStep.Demote demote) {
            return demote(demote.node());
        } else if (step instanceof MembershipStep.Remove remove) {
            return remove(remove.node());
        } else if (step instanceof MembershipStep.Describe describe) {
            return describe(describe.node(), describe.info());
        }
        throw new IllegalStateException("violated invariant: unknown step " + step);
    }

    private @Nullable ChangeRefusal admit(NodeId node, MemberInfo known) {
        learners.add(node);
        info.put(node, known);
        return null;
    }

    /** For one that is a learner already, this is the wish to have it promoted when it has caught up. */
    private @Nullable ChangeRefusal admitToPromote(NodeId node, MemberInfo known, NodeId leaving) {
        if (voters.contains(node)) {
            return ChangeRefusal.ALREADY_MEMBER;
        }
        if (!learners.contains(node)) {
            admit(node, known);
        }
        promotions.put(node, leaving);
        return null;
    }

    private @Nullable ChangeRefusal promote(NodeId node) {
        if (!learners.remove(node)) {
            return voters.contains(node) ? ChangeRefusal.NOT_A_LEARNER : ChangeRefusal.NOT_A_MEMBER;
        }
        promotions.remove(node);
        voters.add(node);
        return null;
    }

    private @Nullable ChangeRefusal demote(NodeId node) {
        if (!voters.remove(node)) {
            return learners.contains(node) ? ChangeRefusal.NOT_A_VOTER : ChangeRefusal.NOT_A_MEMBER;
        }
        learners.add(node);
        return null;
    }

    private @Nullable ChangeRefusal remove(NodeId node) {
        if (!isMember(node)) {
            return ChangeRefusal.NOT_A_MEMBER;
        }
        voters.remove(node);
        learners.remove(node);
        promotions.remove(node);
        return null;
    }

    private @Nullable ChangeRefusal describe(NodeId node, MemberInfo known) {
        if (!isMember(node)) {
            return ChangeRefusal.NOT_A_MEMBER;
        }
        long incarnation = before.infoOf(node).incarnation();
        info.put(node, known.withIncarnation(incarnation));
        return null;
    }
}
