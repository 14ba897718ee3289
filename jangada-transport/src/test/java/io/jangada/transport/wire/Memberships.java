package io.jangada.transport.wire;

import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Random memberships, and changes to them, for tests. */
final class Memberships {
    private Memberships() {}

    static Membership random(SplittableRandom random) {
        int voters = random.nextInt(5);
        if (voters == 0) {
            return Membership.NONE;
        }
        List<NodeId> learners = nodes(random, 10, random.nextInt(3));
        SortedMap<NodeId, NodeId> promotions = new TreeMap<>();
        SortedMap<NodeId, MemberInfo> info = new TreeMap<>();
        for (NodeId learner : learners) {
            if (random.nextBoolean()) {
                promotions.put(learner, random.nextBoolean() ? NodeId.NONE : NodeId.of(1));
            }
            info.put(learner, info(random));
        }
        return new Membership(
                nodes(random, 1, voters), learners, nodes(random, 5, random.nextInt(3)), promotions, info);
    }

    private static List<NodeId> nodes(SplittableRandom random, long first, int count) {
        List<NodeId> nodes = new ArrayList<>();
        long id = first;
        for (int i = 0; i < count; i++) {
            nodes.add(NodeId.of(id));
            id += random.nextInt(1, 3);
        }
        return nodes;
    }

    private static MemberInfo info(SplittableRandom random) {
        return new MemberInfo("n" + random.nextInt(9) + ":7é", random.nextInt(-1, 9), random.nextLong());
    }

    static MembershipChange randomChange(SplittableRandom random) {
        List<MembershipStep> steps = new ArrayList<>();
        for (NodeId node : nodes(random, 1, random.nextInt(1, 5))) {
            steps.add(step(random, node));
        }
        return new MembershipChange(steps, random.nextLong(-1, 99), random.nextBoolean());
    }

    private static MembershipStep step(SplittableRandom random, NodeId node) {
        return switch (random.nextInt(7)) {
            case 0 -> new MembershipStep.AddLearner(node, info(random));
            case 1 -> new MembershipStep.AddVoter(node, info(random));
            case 2 -> new MembershipStep.Replace(node, info(random), NodeId.of(random.nextInt(1, 9)));
            case 3 -> new MembershipStep.Promote(node);
            case 4 -> new MembershipStep.Demote(node);
            case 5 -> new MembershipStep.Remove(node);
            default -> new MembershipStep.Describe(node, info(random));
        };
    }
}
