package io.jangada.testkit.sim;

import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Draws changes of the membership: mostly sensible ones for the membership that a node knows, some that must be refused. */
final class ChangeDraw {
    private final SimWorld world;
    private final List<SimNode> nodes;
    private final SimRandom chance;

    ChangeDraw(SimWorld world, List<SimNode> nodes, SimRandom chance) {
        this.world = world;
        this.nodes = nodes;
        this.chance = chance;
    }

    /** A change to ask this node for; null if it knows of no group. */
    @Nullable
    MembershipChange change(SimNode at) {
        Membership membership = at.knownMembership();
        if (membership.isNone()) {
            return null;
        }
        Map<NodeId, MembershipStep> steps = new LinkedHashMap<>();
        for (long left = chance.between(1, chance.chance(0.7) ? 1 : 3); left > 0; left--) {
            MembershipStep step = step(membership);
            boolean clash = steps.values().stream().anyMatch(other -> concern(other, step));
            if (!clash) {
                steps.put(step.node(), step);
            }
        }
        MembershipChange change = MembershipChange.of(steps.values().toArray(new MembershipStep[0]));
        if (chance.chance(0.4)) {
            long present = world.checks().membership().index();
            change = change.ifAt(chance.chance(0.85) ? present : present + 1);
        }
        return chance.chance(0.1) ? change.forced() : change;
    }

    private static boolean concern(MembershipStep one, MembershipStep other) {
        return concerned(one).stream().anyMatch(concerned(other)::contains);
    }

    private static List<NodeId> concerned(MembershipStep step) {
        return step instanceof MembershipStep.Replace replace
                ? List.of(replace.node(), replace.leaving())
                : List.of(step.node());
    }

    private MembershipStep step(Membership membership) {
        List<NodeId> lost = nodes.stream()
                .filter(node -> node.isWiped() && membership.isMember(node.id()))
                .map(SimNode::id)
                .toList();
        List<NodeId> outside = outside(membership);
        if (!lost.isEmpty()) {
            // Whoever changes anything else first may leave a group that cannot do without the lost member.
            return outside.isEmpty()
                            || chance.chance(0.5)
                            || !membership.voters().contains(lost.get(0))
                    ? new MembershipStep.Remove(lost.get(0))
                    : new MembershipStep.Replace(chance.pick(outside), info(), lost.get(0));
        }
        if (!membership.learners().isEmpty() && chance.chance(0.3)) {
            return ofLearner(chance.pick(membership.learners()));
        }
        if (!outside.isEmpty() && chance.chance(0.55)) {
            return joining(chance.pick(outside), membership);
        }
        return ofVoter(chance.pick(membership.voters()));
    }

    /** Machines that may join: never one that has lost its data, for a lost identity is never used again. */
    private List<NodeId> outside(Membership membership) {
        List<NodeId> outside = new ArrayList<>();
        for (SimNode node : nodes) {
            if (!node.isWiped() && !membership.isMember(node.id())) {
                outside.add(node.id());
            }
        }
        return outside;
    }

    private MembershipStep joining(NodeId node, Membership membership) {
        for (SimNode machine : nodes) {
            if (machine.id().equals(node) && machine.isRetired()) {
                machine.start();
            }
        }
        double kind = chance.unit();
        if (kind < 0.35) {
            return new MembershipStep.AddLearner(node, info());
        }
        return kind < 0.7
                ? new MembershipStep.AddVoter(node, info())
                : new MembershipStep.Replace(node, info(), chance.pick(membership.voters()));
    }

    private MembershipStep ofLearner(NodeId learner) {
        double kind = chance.unit();
        if (kind < 0.5) {
            return new MembershipStep.Promote(learner);
        }
        return kind < 0.8 ? new MembershipStep.Remove(learner) : new MembershipStep.Describe(learner, info());
    }

    private MembershipStep ofVoter(NodeId voter) {
        double kind = chance.unit();
        if (kind < 0.35) {
            return new MembershipStep.Remove(voter);
        }
        return kind < 0.7 ? new MembershipStep.Demote(voter) : new MembershipStep.Describe(voter, info());
    }

    private MemberInfo info() {
        int priority = world.plan().has(Activity.PRIORITIES) ? chance.below(4) : 0;
        return new MemberInfo("machine " + chance.below(100), priority, 0);
    }
}
