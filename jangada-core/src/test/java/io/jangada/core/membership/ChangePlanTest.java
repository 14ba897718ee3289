package io.jangada.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the steps of a change make of a membership, against an oracle that keeps one line of text for each node. */
class ChangePlanTest {
    private static final long NODES = 6;

    private static NodeId id(long id) {
        return NodeId.of(id);
    }

    private static Membership of(List<Long> voters, List<Long> learners) {
        return new Membership(
                voters.stream().map(NodeId::of).toList(),
                learners.stream().map(NodeId::of).toList(),
                List.of(),
                new TreeMap<>(),
                new TreeMap<>());
    }

    private static Membership next(Membership before, MembershipStep... steps) {
        ChangePlan plan = ChangePlan.of(before, List.of(steps));
        assertThat(plan.refusal()).isNull();
        return plan.next();
    }

    @Test
    void learnersComeAndGoInOnePlainEntry() {
        Membership three = of(List.of(1L, 2L, 3L), List.of());
        Membership added = next(three, new MembershipStep.AddLearner(id(4), MemberInfo.at("here")));
        assertThat(added.isJoint()).isFalse();
        assertThat(added.learners()).containsExactly(id(4));
        assertThat(added.infoOf(id(4)).address()).isEqualTo("here");
        assertThat(next(added, new MembershipStep.Remove(id(4)))).isEqualTo(three);
    }

    @Test
    void votersComeAndGoThroughAJointMembership() {
        Membership before = of(List.of(1L, 2L, 3L), List.of(4L, 5L));
        Membership joint = next(
                before,
                new MembershipStep.Promote(id(4)),
                new MembershipStep.Promote(id(5)),
                new MembershipStep.Remove(id(1)),
                new MembershipStep.Demote(id(2)));
        assertThat(joint.voters()).containsExactly(id(3), id(4), id(5));
        assertThat(joint.outgoing()).containsExactly(id(1), id(2), id(3));
        assertThat(joint.learners()).containsExactly(id(2));
        assertThat(joint.isLearner(id(2))).isFalse();
        Membership after = joint.leaveJoint();
        assertThat(after).isEqualTo(of(List.of(3L, 4L, 5L), List.of(2L)));
    }

    @Test
    void aReplacementWaitsForTheNewNodeAndThenTakesBothStepsAtOnce() {
        Membership before = of(List.of(1L, 2L, 3L), List.of());
        Membership waits = next(before, new MembershipStep.Replace(id(4), MemberInfo.UNKNOWN, id(1)));
        assertThat(waits.isJoint()).isFalse();
        assertThat(waits.promotions()).containsExactly(Map.entry(id(4), id(1)));
        Membership joint = ChangePlan.promoting(waits, List.of(id(4))).next();
        assertThat(joint.voters()).containsExactly(id(2), id(3), id(4));
        assertThat(joint.outgoing()).containsExactly(id(1), id(2), id(3));
        assertThat(joint.promotions()).isEmpty();
        Membership givenUp = ChangePlan.givingUp(waits, List.of(id(4))).next();
        assertThat(givenUp.promotions()).isEmpty();
        assertThat(givenUp.learners()).containsExactly(id(4));
        assertThat(givenUp.isJoint()).isFalse();
    }

    /** The oracle: "V", "L", or "L>n" for a learner that is to be promoted (0) or to replace n; absent for nobody. */
    private static final class Oracle {
        private final TreeMap<Long, String> roles = new TreeMap<>();
        private final Map<Long, MemberInfo> info = new HashMap<>();

        static Oracle random(SplittableRandom random) {
            Oracle oracle = new Oracle();
            while (!oracle.roles.containsValue("V")) {
                oracle.roles.clear();
                for (long node = 1; node <= NODES; node++) {
                    switch (random.nextInt(5)) {
                        case 0, 1 -> oracle.roles.put(node, "V");
                        case 2 -> oracle.roles.put(node, "L");
                        case 3 -> oracle.roles.put(node, "L>0");
                        default -> {}
                    }
                }
            }
            oracle.roles.replaceAll((node, role) -> role.equals("L>0") && random.nextBoolean()
                    ? "L>" + oracle.voters().get(0)
                    : role);
            for (long node : oracle.roles.keySet()) {
                oracle.info.put(node, new MemberInfo("a" + node, random.nextInt(3), random.nextInt(3)));
            }
            return oracle;
        }

        List<Long> voters() {
            return roles.keySet().stream()
                    .filter(node -> "V".equals(roles.get(node)))
                    .toList();
        }

        Membership membership(List<Long> outgoing) {
            TreeMap<NodeId, NodeId> promotions = new TreeMap<>();
            TreeMap<NodeId, MemberInfo> known = new TreeMap<>();
            List<NodeId> learners = new ArrayList<>();
            roles.forEach((node, role) -> {
                if (role.startsWith("L")) {
                    learners.add(id(node));
                }
                if (role.startsWith("L>")) {
                    long leaving = Long.parseLong(role.substring(2));
                    promotions.put(id(node), voters().contains(leaving) ? id(leaving) : NodeId.NONE);
                }
            });
            info.forEach((node, one) -> {
                if (roles.containsKey(node) || outgoing.contains(node)) {
                    known.put(id(node), one);
                }
            });
            return new Membership(
                    voters().stream().map(NodeId::of).toList(),
                    learners,
                    outgoing.stream().map(NodeId::of).toList(),
                    promotions,
                    known);
        }

        @Nullable
        ChangeRefusal take(MembershipStep step, List<Long> votersBefore) {
            long node = step.node().value();
            String role = roles.getOrDefault(node, "");
            if (step instanceof MembershipStep.AddLearner add) {
                return role.isEmpty() ? set(node, "L", add.info()) : ChangeRefusal.ALREADY_MEMBER;
            }
            if (step instanceof MembershipStep.AddVoter add) {
                return role.equals("V") ? ChangeRefusal.ALREADY_MEMBER : wish(node, role, "L>0", add.info());
            }
            if (step instanceof MembershipStep.Replace replace) {
                long leaving = replace.leaving().value();
                if (!votersBefore.contains(leaving)) {
                    return ChangeRefusal.NOT_A_MEMBER;
                }
                return role.equals("V")
                        ? ChangeRefusal.ALREADY_MEMBER
                        : wish(node, role, "L>" + leaving, replace.info());
            }
            if (role.isEmpty()) {
                return ChangeRefusal.NOT_A_MEMBER;
            }
            return takeFromMember(step, node, role);
        }

        private @Nullable ChangeRefusal takeFromMember(MembershipStep step, long node, String role) {
            if (step instanceof MembershipStep.Promote) {
                return role.equals("V") ? ChangeRefusal.NOT_A_LEARNER : set(node, "V", null);
            }
            if (step instanceof MembershipStep.Demote) {
                return role.equals("V") ? set(node, "L", null) : ChangeRefusal.NOT_A_VOTER;
            }
            if (step instanceof MembershipStep.Describe describe) {
                MemberInfo old = info.getOrDefault(node, MemberInfo.UNKNOWN);
                return set(node, role, describe.info().withIncarnation(old.incarnation()));
            }
            roles.remove(node);
            return null;
        }

        private @Nullable ChangeRefusal wish(long node, String role, String wanted, MemberInfo described) {
            return set(node, wanted, role.isEmpty() ? described : null);
        }

        private @Nullable ChangeRefusal set(long node, String role, @Nullable MemberInfo described) {
            roles.put(node, role);
            if (described != null) {
                info.put(node, described);
            }
            return null;
        }
    }

    private static MembershipStep step(long node, SplittableRandom random) {
        MemberInfo info = new MemberInfo("b" + node, random.nextInt(3), 0);
        return switch (random.nextInt(7)) {
            case 0 -> new MembershipStep.AddLearner(id(node), info);
            case 1 -> new MembershipStep.AddVoter(id(node), info);
            case 2 -> new MembershipStep.Replace(id(node), info, id(random.nextLong(1, NODES + 2)));
            case 3 -> new MembershipStep.Promote(id(node));
            case 4 -> new MembershipStep.Demote(id(node));
            case 5 -> new MembershipStep.Remove(id(node));
            default -> new MembershipStep.Describe(id(node), info);
        };
    }

    @Test
    void fiftyThousandCasesAgreeWithTheOracle() {
        int accepted = 0;
        for (long seed = 0; seed < 50_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Oracle oracle = Oracle.random(random);
            Membership before = oracle.membership(List.of());
            List<Long> votersBefore = List.copyOf(oracle.voters());
            List<MembershipStep> steps = new ArrayList<>();
            for (long node = 1; node <= NODES + 1; node++) {
                if (random.nextInt(4) == 0) {
                    steps.add(step(node, random));
                }
            }
            ChangeRefusal expected = null;
            for (MembershipStep step : steps) {
                expected = expected == null ? oracle.take(step, votersBefore) : expected;
            }
            if (expected == null && oracle.voters().isEmpty()) {
                expected = ChangeRefusal.NO_VOTER_LEFT;
            }
            List<Long> outgoing = oracle.voters().equals(votersBefore) ? List.of() : votersBefore;
            Membership target = expected == null ? oracle.membership(outgoing) : before;
            if (expected == null && target.equals(before)) {
                expected = ChangeRefusal.NOTHING_TO_CHANGE;
            }
            ChangePlan plan = ChangePlan.of(before, steps);
            boolean agrees = plan.refusal() == expected
                    && (expected != null || plan.next().equals(target));
            if (!agrees) {
                throw new AssertionError("seed " + seed + ": " + before + " with " + steps + ": " + plan.refusal()
                        + " instead of " + expected + ", or not " + target);
            }
            accepted += expected == null ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(10_000);
    }
}
