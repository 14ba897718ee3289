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

import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
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

class FollowerTest {

    @Test
    void writesNewEntriesInOneBatchAndPromisesThemAfterIt() {
        Core core = Core.following();
        Effects effects = core.receive(append(4, 3, 4, 0, command(4, 4), command(5, 4)));
        assertThat(effects.write())
                .isEqualTo(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(command(4, 4), command(5, 4))));
        expectPromise(effects, AppendResponse.matched(ME, A, 4, 5), 1);
        assertThat(effects.applyTo()).isZero();
    }

    @Test
    void promisesWhatIsKnownButNotDurableOnlyAfterItsOldBatch() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 0, command(4, 4)));
        Effects again = core.receive(append(4, 3, 4, 0, command(4, 4)));
        assertThat(again.write()).isNull();
        expectPromise(again, AppendResponse.matched(ME, A, 4, 4), 1);
    }

    @Test
    void cutsAConflictAndWritesWhatReplacesItInOneBatch() {
        Core core = Core.follower(new HardState(4, NodeId.NONE), List.of(1L, 1L, 2L, 2L));
        Effects effects = core.receive(append(4, 2, 1, 0, command(3, 4)));
        assertThat(effects.write()).isEqualTo(new WriteBatch(1, null, 2, List.of(command(3, 4))));
        expectPromise(effects, AppendResponse.matched(ME, A, 4, 3), 1);
    }

    @Test
    void refusesAGapWithItsLastEntryAsTheHint() {
        Effects effects = Core.following().receive(append(4, 9, 4, 0));
        assertThat(effects.write()).isNull();
        expectPromise(effects, AppendResponse.refused(ME, A, 4, 9, 4, 3), 0);
    }

    @Test
    void refusesAMismatchWithTheLastEntryOfATermThatTheLeaderMayHave() {
        Core core = Core.follower(new HardState(6, NodeId.NONE), List.of(1L, 1L, 4L, 5L, 5L));
        Effects effects = core.receive(append(6, 5, 3, 0));
        expectPromise(effects, AppendResponse.refused(ME, A, 6, 5, 1, 2), 0);
    }

    @Test
    void answersNothingToWhatNoLeaderCanHaveSent() {
        expectNothing(Core.following().receive(append(4, 3, 4, 0, command(5, 4))));
    }

    @Test
    void appliesWhatIsCommittedOnlyWhenItIsDurable() {
        Core core = Core.following();
        Effects effects = core.receive(append(4, 3, 4, 4, command(4, 4), command(5, 4)));
        assertThat(effects.applyTo()).isEqualTo(3);
        assertThat(core.sync().applyTo()).isEqualTo(4);
        assertThat(core.raft.status().commitIndex()).isEqualTo(4);
    }

    @Test
    void answersAHeartbeatWithoutWaitingForEntriesThatAreBeingWritten() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 0, command(4, 4)));
        Effects effects = core.receive(new HeartbeatRequest(A, ME, 4, 8, 3));
        expectPromise(effects, new HeartbeatResponse(ME, A, 4, 8, 4), 0);
        assertThat(effects.applyTo()).isEqualTo(3);
    }

    @Test
    void appliesWhatANoticeSaysIsCommittedAndAnswersNothing() {
        Core core = Core.following();
        Effects effects = core.receive(new CommitNotice(A, ME, 4, 3));
        assertThat(effects.applyTo()).isEqualTo(3);
        assertThat(effects.messages()).isEmpty();
        assertThat(effects.promises()).isEmpty();
        assertThat(core.receive(new CommitNotice(A, ME, 4, 99)).applyTo()).isZero();
        assertThat(core.receive(new CommitNotice(A, ME, 3, 2)).promises()).isEmpty();
    }

    @Test
    void doesNotBelieveACommitIndexThatItDoesNotHold() {
        Core core = Core.following();
        Effects effects = core.receive(new HeartbeatRequest(A, ME, 4, 8, 99));
        assertThat(effects.applyTo()).isZero();
        assertThat(core.raft.status().commitIndex()).isZero();
    }

    @Test
    void votesOnceAndPromisesItAfterTheWrite() {
        Core core = Core.follower();
        Effects effects = core.receive(new VoteRequest(A, ME, 4, 3, 4));
        assertThat(effects.write()).isEqualTo(new WriteBatch(1, new HardState(4, A), WriteBatch.KEEP_ALL, List.of()));
        expectPromise(effects, new VoteResponse(ME, A, 4, true), 1);
        Effects again = core.receive(new VoteRequest(A, ME, 4, 3, 4));
        assertThat(again.write()).isNull();
        expectPromise(again, new VoteResponse(ME, A, 4, true), 1);
        expectPromise(core.receive(new VoteRequest(B, ME, 4, 9, 4)), new VoteResponse(ME, B, 4, false), 1);
    }

    @Test
    void aVoteThatIsGivenPutsTheElectionOffAndARefusedOneDoesNot() {
        Core core = Core.follower();
        long deadline = core.raft.nextDeadline();
        core.now += 400 * Core.MS;
        core.receive(new VoteRequest(B, ME, 4, 1, 1));
        assertThat(core.raft.nextDeadline()).isEqualTo(deadline);
        core.receive(new VoteRequest(A, ME, 4, 3, 4));
        assertThat(core.raft.nextDeadline()).isGreaterThanOrEqualTo(core.now + 500 * Core.MS);
    }

    @Test
    void answersAPreVoteWithoutChangingAnything() {
        Core core = Core.follower();
        long deadline = core.raft.nextDeadline();
        core.now += 10 * Core.MS;
        Effects effects = core.receive(new PreVoteRequest(A, ME, 9, 3, 4));
        expectPromise(effects, new PreVoteResponse(ME, A, 9, 4, true), 0);
        assertThat(effects.write()).isNull();
        core.expectRole(RoleName.FOLLOWER, 4);
        assertThat(core.raft.nextDeadline()).isEqualTo(deadline);
    }

    @Test
    void refusesAPreVoteWhileItsLeaderIsLive() {
        Core core = Core.following();
        expectPromise(core.receive(new PreVoteRequest(B, ME, 5, 3, 4)), new PreVoteResponse(ME, B, 5, 4, false), 0);
        core.now += 500 * Core.MS;
        expectPromise(core.receive(new PreVoteRequest(B, ME, 5, 3, 4)), new PreVoteResponse(ME, B, 5, 4, true), 0);
    }

    @Test
    void asksForPreVotesWhenItHasHeardNothing() {
        Core core = Core.following();
        expectNothing(core.after(400));
        Effects effects = core.timeOut();
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        expectMessages(effects, new PreVoteRequest(ME, A, 5, 3, 4), new PreVoteRequest(ME, B, 5, 3, 4));
        assertThat(core.raft.status().leader()).isEqualTo(NodeId.NONE);
    }

    @Test
    void handsProposalsAndReadsOnToItsLeader() {
        Core core = Core.following();
        expectMessages(core.propose(7), new ForwardRequest(ME, A, 4, 7, Core.COMMAND));
        expectMessages(core.read(8), new ReadIndexRequest(ME, A, 4, 8));
        assertThat(core.receive(new ForwardResponse(A, ME, 4, 7, ForwardOutcome.APPENDED, 4, 4))
                        .appended())
                .containsExactly(new Effects.Appended(7, 4, 4));
        assertThat(core.receive(new ForwardResponse(A, ME, 4, 7, ForwardOutcome.OVERLOADED, 0, 0))
                        .refused())
                .containsExactly(new Effects.Refused(7, Refusal.OVERLOADED, A));
        assertThat(core.receive(new ForwardResponse(A, ME, 4, 7, ForwardOutcome.NOT_LEADER, 0, 0))
                        .refused())
                .containsExactly(new Effects.Refused(7, Refusal.NOT_LEADER, NodeId.NONE));
        assertThat(core.receive(new ReadIndexResponse(A, ME, 4, 8, true, 3)).readReady())
                .containsExactly(new Effects.ReadReady(8, 3));
        assertThat(core.receive(new ReadIndexResponse(A, ME, 4, 8, false, 0)).refused())
                .containsExactly(new Effects.Refused(8, Refusal.NOT_LEADER, NodeId.NONE));
    }

    @Test
    void withoutALeaderItRefusesBoth() {
        Core core = Core.follower();
        assertThat(core.propose(7).refused()).containsExactly(new Effects.Refused(7, Refusal.NOT_LEADER, NodeId.NONE));
        assertThat(core.read(8).refused()).containsExactly(new Effects.Refused(8, Refusal.NOT_LEADER, NodeId.NONE));
    }

    @Test
    void declinesWhatOnlyALeaderDoes() {
        Core core = Core.following();
        expectPromise(core.receive(new ReadIndexRequest(B, ME, 4, 3)), new ReadIndexResponse(ME, B, 4, 3, false, 0), 0);
        // Of the term in which it was started it has forgotten what it may have taken: it says nothing.
        expectNothing(core.receive(new ForwardRequest(B, ME, 4, 3, Core.COMMAND)));
        Effects later = core.receive(new ForwardRequest(B, ME, 5, 3, Core.COMMAND));
        expectPromise(later, new ForwardResponse(ME, B, 5, 3, ForwardOutcome.NOT_LEADER, 0, 0), 1);
    }
}
