package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectMessages;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import io.jangada.core.step.WriteBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreCandidateTest {

    @Test
    void aMajorityThatWouldVoteMakesItACandidate() {
        Core core = Core.preCandidate();
        expectNothing(core.receive(new PreVoteResponse(A, ME, 5, 4, false)));
        Effects effects = core.receive(new PreVoteResponse(B, ME, 5, 4, true));
        core.expectRole(RoleName.CANDIDATE, 5);
        assertThat(effects.write()).isEqualTo(new WriteBatch(1, new HardState(5, ME), WriteBatch.KEEP_ALL, List.of()));
        assertThat(effects.messages()).isEmpty();
        assertThat(effects.promises())
                .containsExactly(
                        new Effects.Promise(new VoteRequest(ME, A, 5, 3, 4), 1),
                        new Effects.Promise(new VoteRequest(ME, B, 5, 3, 4), 1));
    }

    @Test
    void anAnswerAboutAnotherTermDoesNotCount() {
        Core core = Core.preCandidate();
        expectNothing(core.receive(new PreVoteResponse(A, ME, 4, 4, true)));
        expectNothing(core.receive(new PreVoteResponse(A, ME, 6, 4, true)));
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
    }

    @Test
    void aRefusalThatNamesAHigherTermIsBelieved() {
        Core core = Core.preCandidate();
        Effects effects = core.receive(new PreVoteResponse(A, ME, 5, 9, false));
        core.expectRole(RoleName.FOLLOWER, 9);
        assertThat(effects.write())
                .isEqualTo(new WriteBatch(1, new HardState(9, NodeId.NONE), WriteBatch.KEEP_ALL, List.of()));
    }

    @Test
    void asksAgainWhenNobodyAnswersAndSpendsNoTerm() {
        Core core = Core.preCandidate();
        Effects effects = core.timeOut();
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        expectMessages(effects, new PreVoteRequest(ME, A, 5, 3, 4), new PreVoteRequest(ME, B, 5, 3, 4));
    }

    @Test
    void givesItsVoteOfThePresentTermAndThenFollows() {
        Core core = Core.preCandidate();
        Effects effects = core.receive(new VoteRequest(A, ME, 4, 3, 4));
        core.expectRole(RoleName.FOLLOWER, 4);
        assertThat(effects.write()).isEqualTo(new WriteBatch(1, new HardState(4, A), WriteBatch.KEEP_ALL, List.of()));
        expectPromise(effects, new VoteResponse(ME, A, 4, true), 1);
    }

    /** A bug of the first version: a candidate that could not win put off the candidacy of those who could. */
    @Test
    void aVoteThatItRefusesDoesNotEndItsCandidacy() {
        Core core = Core.preCandidate();
        long deadline = core.raft.nextDeadline();
        Effects effects = core.receive(new VoteRequest(A, ME, 4, 1, 1));
        expectPromise(effects, new VoteResponse(ME, A, 4, false), 0);
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        assertThat(core.raft.nextDeadline()).isEqualTo(deadline);
    }

    @Test
    void grantsPreVotesToOthers() {
        expectPromise(
                Core.preCandidate().receive(new PreVoteRequest(A, ME, 5, 3, 4)),
                new PreVoteResponse(ME, A, 5, 4, true),
                0);
    }

    @Test
    void followsALeaderOfItsTerm() {
        Core core = Core.preCandidate();
        Effects effects = core.receive(new HeartbeatRequest(A, ME, 4, 6, 0));
        core.expectRole(RoleName.FOLLOWER, 4);
        assertThat(core.raft.status().leader()).isEqualTo(A);
        expectPromise(effects, new HeartbeatResponse(ME, A, 4, 6, 3), 0);
        Core other = Core.preCandidate();
        expectPromise(other.receive(append(4, 3, 4, 0, command(4, 4))), AppendResponse.matched(ME, A, 4, 4), 1);
        other.expectRole(RoleName.FOLLOWER, 4);
    }

    @Test
    void refusesClients() {
        Core core = Core.preCandidate();
        assertThat(core.propose(1).refused()).containsExactly(new Effects.Refused(1, Refusal.NOT_LEADER, NodeId.NONE));
        assertThat(core.read(2).refused()).containsExactly(new Effects.Refused(2, Refusal.NOT_LEADER, NodeId.NONE));
    }

    @Test
    void aloneItStandsAtOnceAndLeadsWhenItsVoteIsDurable() {
        Core core = Core.alone();
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now);
        core.tick();
        core.expectRole(RoleName.CANDIDATE, 5);
        core.sync();
        core.expectRole(RoleName.LEADER, 5);
        assertThat(core.sync().applyTo()).isEqualTo(4);
    }

    /** Two of three are left and ask at the same moment: both would stand, and neither could win. */
    @Test
    void ofTwoThatAskAtTheSameMomentOneGoesFirst() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        group.lost = message -> message.to().equals(NodeId.of(3));
        CoreNode one = group.node(1);
        CoreNode two = group.node(2);
        group.nowNanos = Math.max(one.raft().nextDeadline(), two.raft().nextDeadline());
        group.tick(one);
        group.tick(two);
        group.settle();
        assertThat(two.status().leads()).isTrue();
        assertThat(two.status().term()).isEqualTo(1);
        assertThat(one.status().leader()).isEqualTo(two.id);
    }

    @Test
    void whoHasGivenWayDoesNotCountLateAnswersAndAsksAgain() {
        Core core = Core.preCandidate();
        expectPromise(core.receive(new PreVoteRequest(B, ME, 5, 3, 4)), new PreVoteResponse(ME, B, 5, 4, true), 0);
        core.receive(new PreVoteResponse(A, ME, 5, 4, true));
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        Effects again = core.timeOut();
        assertThat(again.messages())
                .containsExactlyInAnyOrder(new PreVoteRequest(ME, A, 5, 3, 4), new PreVoteRequest(ME, B, 5, 3, 4));
        // Once is enough: a rival that cannot win holds nobody up for longer.
        core.receive(new PreVoteRequest(B, ME, 5, 3, 4));
        core.receive(new PreVoteResponse(A, ME, 5, 4, true));
        core.expectRole(RoleName.CANDIDATE, 5);
    }
}
