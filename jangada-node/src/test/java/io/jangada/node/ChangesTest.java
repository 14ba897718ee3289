package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.core.RaftStatus;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Timing;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.Damage;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every membership change ends, once, with the truth: the rule against hand-made answers of the core. */
class ChangesTest {
    private static final NodeId A = NodeId.of(1);
    private static final NodeId B = NodeId.of(2);
    private static final NodeId C = NodeId.of(3);
    private static final long SECOND = 1_000_000_000L;

    private final Changes changes = new Changes(config(true));
    private long nowNanos;

    private static NodeConfig config(boolean forward) {
        RaftConfig defaults = RaftConfig.of(A, Membership.ofVoters(A, B));
        return NodeConfig.of(new RaftConfig(
                A, defaults.membership(), Timing.DEFAULT, defaults.limits(), Options.DEFAULT.withForwarding(forward)));
    }

    private Operation.Change submitted(MembershipStep step) {
        Operation.Change change = new Operation.Change(MembershipChange.of(step), 60 * SECOND);
        changes.arrived(1, change);
        change.submitted(4, nowNanos);
        return change;
    }

    private Operation.Change placedAt10(MembershipStep step) {
        Operation.Change change = submitted(step);
        changes.appended(new Effects.Appended(1, 10, 4));
        return change;
    }

    private static MembershipStep addVoterC() {
        return new MembershipStep.AddVoter(C, MemberInfo.UNKNOWN);
    }

    private static Membership membership(List<NodeId> voters, List<NodeId> learners, List<NodeId> outgoing) {
        return new Membership(voters, learners, outgoing, new TreeMap<>(), new TreeMap<>());
    }

    private static Membership promotingC() {
        return new Membership(
                List.of(A, B), List.of(C), List.of(), new TreeMap<>(Map.of(C, NodeId.NONE)), new TreeMap<>());
    }

    private static RaftStatus status(long term, NodeId leader) {
        return new RaftStatus(
                A, RoleName.FOLLOWER, term, leader, 1, 0, 0, 0, 0, new MembershipAt(0, promotingC()), Damage.NONE);
    }

    private List<Request.Told> committed(long index, Membership membership, long term) {
        return changes.committed(new MembershipAt(index, membership), Math.max(index, 10), term);
    }

    @Test
    void aPlainChangeIsOverWhenItsEntryIsCommittedAndApplied() {
        Operation.Change change = placedAt10(new MembershipStep.AddLearner(C, MemberInfo.UNKNOWN));
        assertThat(changes.awaits(9)).isFalse();
        assertThat(changes.awaits(10)).isTrue();
        MembershipAt after = new MembershipAt(10, membership(List.of(A, B), List.of(C), List.of()));
        List<Request.Told> settled = changes.committed(after, 10, 4);
        assertThat(settled).hasSize(1);
        assertThat(settled.get(0).readIndex).isEqualTo(10);
        assertThat(change.future).isNotDone();
        assertThat(settled.get(0).answer(() -> 0)).isTrue();
        assertThat(change.future).isCompletedWithValue(after);
        assertThat(changes.size()).isZero();
    }

    @Test
    void aChangeOfVotersIsOverWhenTheJointMembershipIsLeftWhoeverLeads() {
        Operation.Change change = placedAt10(new MembershipStep.Remove(B));
        assertThat(committed(10, membership(List.of(A), List.of(), List.of(A, B)), 4))
                .isEmpty();
        assertThat(changes.leadershipChanged(status(5, B))).isEmpty();
        assertThat(change.future).isNotDone();
        assertThat(committed(12, membership(List.of(A), List.of(), List.of()), 5))
                .hasSize(1);
    }

    @Test
    void aVoterIsAddedWhenItVotes() {
        Operation.Change change = placedAt10(addVoterC());
        assertThat(committed(10, promotingC(), 4)).isEmpty();
        assertThat(committed(20, membership(List.of(A, B, C), List.of(), List.of(A, B)), 4))
                .isEmpty();
        assertThat(change.future).isNotDone();
        assertThat(committed(21, membership(List.of(A, B, C), List.of(), List.of()), 4))
                .hasSize(1);
    }

    @Test
    void aPromotionThatIsGivenUpIsSaidByName() {
        Operation.Change change = placedAt10(addVoterC());
        assertThat(committed(10, promotingC(), 4)).isEmpty();
        assertThat(committed(30, membership(List.of(A, B), List.of(C), List.of()), 4))
                .isEmpty();
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOfSatisfying(ChangeRefusedException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(ChangeRefusal.CATCH_UP_FAILED));
    }

    @Test
    void aNewMemberThatAnotherChangeRemovesLeavesTheOutcomeUnknown() {
        Operation.Change change = placedAt10(addVoterC());
        assertThat(committed(10, promotingC(), 4)).isEmpty();
        assertThat(committed(30, membership(List.of(A, B), List.of(), List.of()), 4))
                .isEmpty();
        assertThat(Outcome.failureOf(change.future)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void whatAnotherTermCommitsAtTheSamePlaceProvesNothing() {
        Operation.Change change = placedAt10(addVoterC());
        assertThat(committed(10, promotingC(), 5)).isEmpty();
        assertThat(Outcome.failureOf(change.future)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void leadershipLostBeforeTheCommitLeavesTheOutcomeUnknown() {
        Operation.Change change = placedAt10(addVoterC());
        assertThat(changes.leadershipChanged(status(5, B))).isEmpty();
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOfSatisfying(OutcomeUnknownException.class, unknown -> assertThat(unknown.safeToRetry())
                        .isFalse());
    }

    @Test
    void aChangeThatNoLeaderTookIsSubmittedAgain() {
        Operation.Change change = submitted(addVoterC());
        changes.refused(new Effects.Refused(1, Refusal.NOT_LEADER, NodeId.NONE), nowNanos);
        assertThat(change.isHeld()).isTrue();
        assertThat(changes.leadershipChanged(status(4, NodeId.NONE))).isEmpty();
        assertThat(changes.leadershipChanged(status(5, B))).containsExactly(change);
        assertThat(changes.expire(B, SECOND)).containsExactly(change);
        assertThat(changes.expire(B, 60 * SECOND)).isEmpty();
        assertThat(Outcome.failureOf(change.future)).isInstanceOf(NotLeaderException.class);
    }

    @Test
    void withoutForwardingTheLeaderIsNamed() {
        Changes strict = new Changes(config(false));
        Operation.Change change = new Operation.Change(MembershipChange.of(addVoterC()), SECOND);
        strict.arrived(1, change);
        change.submitted(4, 0);
        strict.refused(new Effects.Refused(1, Refusal.NOT_LEADER, B), 0);
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOfSatisfying(NotLeaderException.class, refused -> assertThat(refused.leader())
                        .isEqualTo(B));
    }

    @Test
    void aRefusalGivesItsReason() {
        Operation.Change change = submitted(addVoterC());
        changes.refused(new Effects.ChangeRefused(1, ChangeRefusal.CHANGE_OPEN), nowNanos);
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOf(ChangeRefusedException.class)
                .hasMessageContaining("under way");
    }

    @Test
    void whatIsInTheWayForAMomentIsWaitedForAndSaidAtTheEnd() {
        Operation.Change change = submitted(addVoterC());
        changes.refused(new Effects.ChangeRefused(1, ChangeRefusal.NO_COMMIT_IN_TERM), nowNanos);
        assertThat(changes.expire(B, SECOND)).containsExactly(change);
        assertThat(changes.expire(B, 60 * SECOND)).isEmpty();
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOfSatisfying(ChangeRefusedException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(ChangeRefusal.NO_COMMIT_IN_TERM));
    }

    @Test
    void aChangeThatNobodyAnswersEndsBeforeItsLongTimeIsOver() {
        Operation.Change change = submitted(addVoterC());
        assertThat(changes.expire(B, 5 * SECOND - 1)).isEmpty();
        assertThat(change.future).isNotDone();
        assertThat(changes.expire(B, 5 * SECOND)).isEmpty();
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("no leader has answered");
    }

    @Test
    void aChangeThatTakesLongHasAllTheTimeItWasGiven() {
        Operation.Change change = placedAt10(addVoterC());
        assertThat(changes.expire(B, 60 * SECOND - 1)).isEmpty();
        assertThat(change.future).isNotDone();
        assertThat(changes.nextDeadline(60 * SECOND - 1)).isEqualTo(60 * SECOND);
        assertThat(changes.expire(B, 60 * SECOND)).isEmpty();
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("not finished in time");
    }

    @Test
    void aNodeThatStopsSaysWhatItKnows() {
        Operation.Change open = placedAt10(addVoterC());
        Operation.Change held = new Operation.Change(MembershipChange.of(addVoterC()), SECOND);
        changes.arrived(2, held);
        changes.endAll(Refusals::closed);
        assertThat(Outcome.failureOf(open.future)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(Outcome.failureOf(held.future)).isInstanceOf(NodeClosedException.class);
    }

    @Test
    void aNodeThatStopsBeforeItHasAppliedTheChangeDoesNotCallItUntouched() {
        Operation.Change change = placedAt10(new MembershipStep.Remove(B));
        List<Request.Told> settled = committed(10, membership(List.of(A), List.of(), List.of()), 4);
        settled.get(0).fail(Refusals.closed());
        assertThat(Outcome.failureOf(change.future))
                .isInstanceOfSatisfying(RaftException.class, why -> assertThat(why.safeToRetry())
                        .isFalse());
    }
}
