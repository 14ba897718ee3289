package io.jangada.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Event;
import io.jangada.core.step.TransferOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes of the membership and transfers of leadership among several cores. */
class MembershipGroupTest {
    private static NodeId id(long id) {
        return NodeId.of(id);
    }

    private static MembershipStep.AddVoter addVoter(long id) {
        return new MembershipStep.AddVoter(id(id), MemberInfo.at("host" + id));
    }

    private static Membership membershipOf(CoreNode node) {
        return node.status().membership().membership();
    }

    private static CoreNode leaderOf(CoreGroup group) {
        return group.all().stream()
                .filter(node -> node.status().leads())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aNewVoterCatchesUpBeforeItVotes() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.settle();
        group.propose(leader);
        group.join(4);
        group.change(leader, addVoter(4));
        assertThat(membershipOf(leader).isLearner(id(4))).isTrue();
        group.pass(300);
        assertThat(membershipOf(leader).voters()).containsExactly(id(1), id(2), id(3), id(4));
        assertThat(membershipOf(leader).isJoint()).isFalse();
        assertThat(group.node(4).log).isEqualTo(leader.log);
        assertThat(membershipOf(group.node(4))).isEqualTo(membershipOf(leader));
    }

    @Test
    void allThreeMembersAreReplacedAtOnceAndTheOldLeaderHandsOver() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.settle();
        for (long id = 4; id <= 6; id++) {
            group.join(id);
        }
        group.change(
                leader,
                new MembershipStep.Replace(id(4), MemberInfo.UNKNOWN, id(1)),
                new MembershipStep.Replace(id(5), MemberInfo.UNKNOWN, id(2)),
                new MembershipStep.Replace(id(6), MemberInfo.UNKNOWN, id(3)));
        group.pass(1_000);
        CoreNode next = leaderOf(group);
        assertThat(next.id.value()).isBetween(4L, 6L);
        assertThat(membershipOf(next).voters()).containsExactly(id(4), id(5), id(6));
        assertThat(leader.status().role()).isEqualTo(RoleName.FOLLOWER);
        long term = next.status().term();
        group.pass(5_000);
        assertThat(leaderOf(group).status().term()).isEqualTo(term);
        assertThat(membershipOf(group.node(2))).isEqualTo(membershipOf(next));
    }

    @Test
    void theNextLeaderLeavesTheJointMembership() {
        CoreGroup group = new CoreGroup(5, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.settle();
        group.change(leader, new MembershipStep.Demote(id(3)));
        // The joint entry is everywhere, the leader does not learn it any more.
        group.lost = message -> message.to().equals(id(1));
        group.settle();
        assertThat(membershipOf(leader).isJoint()).isTrue();
        group.lost = message -> message.to().equals(id(1)) || message.from().equals(id(1));
        group.pass(4_000);
        CoreNode next = leaderOf(group);
        assertThat(next.id).isNotEqualTo(id(1));
        assertThat(membershipOf(next).isJoint()).isFalse();
        assertThat(membershipOf(next).learners()).containsExactly(id(3));
    }

    @Test
    void transferMovesLeadershipAtOnce() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.pass(100);
        leader.step(new Event.Transfer(99, id(3), 1_000_000_000L), group.nowNanos);
        group.settle();
        assertThat(group.node(3).status().leads()).isTrue();
        assertThat(leader.transfersEnded).hasSize(1);
        assertThat(leader.transfersEnded.get(0).outcome()).isEqualTo(TransferOutcome.DONE);
    }

    @Test
    void oneChangeAtATimeAndNoneThatWouldStopTheGroup() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode leader = group.elect(1);
        group.pass(100);
        group.lost = message -> message.to().equals(id(3)) || message.from().equals(id(3));
        group.pass(2_000);
        group.change(leader, new MembershipStep.Remove(id(2)));
        assertThat(leader.changesRefused)
                .extracting(refused -> refused.reason())
                .isEqualTo(List.of(ChangeRefusal.WOULD_LOSE_QUORUM));
        group.change(leader, new MembershipStep.Remove(id(3)));
        group.change(leader, addVoter(4));
        assertThat(leader.changesRefused)
                .extracting(refused -> refused.reason())
                .endsWith(ChangeRefusal.CHANGE_OPEN);
        group.settle();
        assertThat(membershipOf(leader).voters()).containsExactly(id(1), id(2));
    }
}
