package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.Damage;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.TransferOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every transfer and step-down ends, once, with the truth. */
class HandoversTest {
    private static final NodeId SELF = NodeId.of(1);
    private static final NodeId NEXT = NodeId.of(2);

    private final Handovers handovers = new Handovers();

    private static RaftStatus ledBy(NodeId leader) {
        return new RaftStatus(
                SELF,
                RoleName.FOLLOWER,
                5,
                leader,
                1,
                0,
                0,
                0,
                0,
                new MembershipAt(0, Membership.ofVoters(SELF, NEXT)),
                Damage.NONE);
    }

    private Operation.Transfer transfer() {
        Operation.Transfer transfer = new Operation.Transfer(NEXT, 10, 100);
        handovers.arrived(1, transfer);
        transfer.submitted(4, 0);
        return transfer;
    }

    private void ended(TransferOutcome outcome, NodeId leader) {
        handovers.ended(new Effects.TransferEnded(1, outcome), ledBy(leader));
    }

    @Test
    void aTransferEndsWithTheLeaderThatFollows() {
        Operation.Transfer transfer = transfer();
        ended(TransferOutcome.DONE, NEXT);
        assertThat(transfer.future).isCompletedWithValue(NEXT);
        assertThat(handovers.size()).isZero();
    }

    @Test
    void aTransferWaitsUntilItIsKnownWhoLeads() {
        Operation.Transfer transfer = transfer();
        ended(TransferOutcome.DONE, NodeId.NONE);
        assertThat(transfer.future).isNotDone();
        handovers.leadershipChanged(ledBy(NodeId.NONE));
        assertThat(transfer.future).isNotDone();
        handovers.leadershipChanged(ledBy(NEXT));
        assertThat(transfer.future).isCompletedWithValue(NEXT);
    }

    @Test
    void anotherLeaderDuringATransferIsNotItsEnd() {
        Operation.Transfer transfer = transfer();
        handovers.leadershipChanged(ledBy(NEXT));
        assertThat(transfer.future).isNotDone();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferOutcome.class,
            names = {"DONE", "NOT_LEADER"},
            mode = EnumSource.Mode.EXCLUDE)
    void aTransferThatFailsSaysWhy(TransferOutcome outcome) {
        Operation.Transfer transfer = transfer();
        ended(outcome, SELF);
        assertThat(Outcome.failureOf(transfer.future))
                .isInstanceOfSatisfying(TransferFailedException.class, failed -> assertThat(failed.outcome())
                        .isEqualTo(outcome));
    }

    @Test
    void aNodeThatDoesNotLeadNamesTheLeader() {
        Operation.Transfer transfer = transfer();
        ended(TransferOutcome.NOT_LEADER, NEXT);
        assertThat(Outcome.failureOf(transfer.future))
                .isInstanceOfSatisfying(NotLeaderException.class, refused -> assertThat(refused.leader())
                        .isEqualTo(NEXT));
    }

    @Test
    void aStepDownIsOverWhenTheCoreSaysSo() {
        Operation.StepDown stepDown = new Operation.StepDown(100);
        handovers.arrived(1, stepDown);
        ended(TransferOutcome.DONE, NodeId.NONE);
        assertThat(stepDown.future).isCompletedWithValue(null);
    }

    @Test
    void whatTheCoreNeverEndsTheNodeEnds() {
        Operation.Transfer transfer = transfer();
        handovers.expire(99);
        assertThat(transfer.future).isNotDone();
        assertThat(handovers.nextDeadline()).isEqualTo(100);
        handovers.expire(100);
        assertThat(Outcome.failureOf(transfer.future)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void aNodeThatStopsDoesNotCallATransferUntouched() {
        Operation.Transfer transfer = transfer();
        handovers.endAll(Refusals::closed);
        assertThat(Outcome.failureOf(transfer.future)).isInstanceOf(OutcomeUnknownException.class);
    }
}
