package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.WriteBatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Figure 2 of the Raft paper, sentence by sentence. The display names are paraphrases; docs/paper-map.md maps each to the code. */
class FigureTwoTest {

    private static @Nullable HardState hardState(Effects effects) {
        WriteBatch write = effects.write();
        return write == null ? null : write.hardState();
    }

    @Test
    @DisplayName("State 1: term, vote and log are on stable storage before a request is answered")
    void persistentStateBeforeAnswering() {
        Core core = Core.follower();
        Effects vote = core.receive(new VoteRequest(A, ME, 5, 3, 4));
        assertThat(hardState(vote)).isEqualTo(new HardState(5, A));
        expectPromise(vote, new VoteResponse(ME, A, 5, true), 1);
        Effects entries = core.receive(append(5, 3, 4, 0, command(4, 5)));
        expectPromise(entries, AppendResponse.matched(ME, A, 5, 4), 2);
    }

    @Test
    @DisplayName("State 2: the current term starts at 0 and only rises")
    void currentTermRises() {
        Core core = Core.follower(HardState.INITIAL, List.of());
        assertThat(core.raft.status().term()).isZero();
        core.receive(new HeartbeatRequest(A, ME, 3, 1, 0));
        core.receive(new HeartbeatRequest(B, ME, 2, 1, 0));
        assertThat(core.raft.status().term()).isEqualTo(3);
    }

    @Test
    @DisplayName("State 3: the vote belongs to the current term; a new term has none")
    void voteBelongsToTheTerm() {
        Core core = Core.follower(new HardState(4, A), Core.LOG);
        Effects effects = core.receive(new VoteRequest(B, ME, 5, 3, 4));
        assertThat(hardState(effects)).isEqualTo(new HardState(5, B));
    }

    @Test
    @DisplayName("State 4: the first index of the log is 1")
    void firstIndexIsOne() {
        Core core = Core.follower(HardState.INITIAL, List.of());
        assertThat(core.raft.status().firstIndex()).isEqualTo(1);
        Effects effects = core.receive(append(1, 0, 0, 0, command(1, 1)));
        expectPromise(effects, AppendResponse.matched(ME, A, 1, 1), 1);
    }

    @Test
    @DisplayName("State 5: commit index and last applied start at 0 and only rise")
    void commitIndexRises() {
        Core core = Core.following();
        assertThat(core.raft.status().commitIndex()).isZero();
        assertThat(core.receive(append(4, 3, 4, 3)).applyTo()).isEqualTo(3);
        assertThat(core.receive(append(4, 3, 4, 1)).applyTo()).isZero();
        assertThat(core.raft.status().commitIndex()).isEqualTo(3);
    }

    @Test
    @DisplayName("State 6: a new leader's next index for each follower is its last log index + 1")
    void nextIndexStartsAfterTheLastEntry() {
        Core core = Core.candidate();
        core.sync();
        assertThat(core.receive(new VoteResponse(A, ME, 5, true)).messages())
                .contains(new AppendRequest(ME, B, 5, 3, 4, List.of(Entry.noOp(4, 5)), 0));
    }

    @Test
    @DisplayName("State 7: a new leader knows no match index and commits nothing by it")
    void matchIndexStartsAtZero() {
        Core core = Core.leader();
        core.sync();
        assertThat(core.raft.status().commitIndex()).isZero();
    }

    @Test
    @DisplayName("AppendEntries 1: refused if its term is lower")
    void appendOfALowerTermIsRefused() {
        Core core = Core.follower();
        Effects effects = core.receive(append(3, 3, 4, 3, command(4, 4)));
        expectPromise(effects, AppendResponse.refused(ME, A, 4, 3, 0, 0), 0);
        assertThat(effects.write()).isNull();
    }

    @Test
    @DisplayName("AppendEntries 2: refused if the log has no entry at the previous index with the previous term")
    void appendThatDoesNotMatchIsRefused() {
        Core core = Core.following();
        assertThat(core.receive(append(4, 4, 4, 0)).promises()).allSatisfy(promise -> assertThat(promise.message())
                .isEqualTo(AppendResponse.refused(ME, A, 4, 4, 4, 3)));
        assertThat(core.receive(append(4, 3, 3, 0)).promises()).allSatisfy(promise -> assertThat(promise.message())
                .isEqualTo(AppendResponse.refused(ME, A, 4, 3, 1, 2)));
    }

    @Test
    @DisplayName("AppendEntries 3: an entry that conflicts is deleted with all that follow it")
    void conflictingEntriesAreDeleted() {
        Core core = Core.follower(new HardState(4, NodeId.NONE), List.of(1L, 2L, 2L, 2L));
        Effects effects = core.receive(append(4, 1, 1, 0, command(2, 3)));
        assertThat(effects.write()).isEqualTo(new WriteBatch(1, null, 1, List.of(command(2, 3))));
        assertThat(core.raft.status().lastIndex()).isEqualTo(2);
    }

    @Test
    @DisplayName("AppendEntries 4: entries that are not in the log yet are appended, others are left alone")
    void newEntriesAreAppended() {
        Effects effects = Core.following().receive(append(4, 2, 1, 0, command(3, 4), command(4, 4)));
        assertThat(effects.write()).isEqualTo(new WriteBatch(1, null, WriteBatch.KEEP_ALL, List.of(command(4, 4))));
    }

    @Test
    @DisplayName("AppendEntries 5: the commit index becomes the smaller of the leader's and the last new entry's")
    void commitIsBoundedByTheLastNewEntry() {
        Core core = Core.follower(new HardState(4, NodeId.NONE), List.of(1L, 1L, 2L, 2L));
        core.receive(append(4, 1, 1, 4, command(2, 1)));
        assertThat(core.raft.status().commitIndex()).isEqualTo(2);
        core.receive(append(4, 2, 1, 3, command(3, 4), command(4, 4)));
        assertThat(core.raft.status().commitIndex()).isEqualTo(3);
    }

    @Test
    @DisplayName("RequestVote 1: refused if its term is lower")
    void voteOfALowerTermIsRefused() {
        expectPromise(Core.follower().receive(new VoteRequest(A, ME, 3, 9, 4)), new VoteResponse(ME, A, 4, false), 0);
    }

    @Test
    @DisplayName(
            "RequestVote 2: granted if no vote is given to another and the candidate's log is at least as up to date")
    void voteIsGrantedToAnUpToDateLog() {
        expectPromise(Core.follower().receive(new VoteRequest(A, ME, 4, 3, 4)), new VoteResponse(ME, A, 4, true), 1);
        expectPromise(Core.follower().receive(new VoteRequest(A, ME, 4, 9, 3)), new VoteResponse(ME, A, 4, false), 0);
        Core voted = Core.follower(new HardState(4, B), Core.LOG);
        expectPromise(voted.receive(new VoteRequest(A, ME, 4, 3, 4)), new VoteResponse(ME, A, 4, false), 0);
    }

    @Test
    @DisplayName("All servers 1: what is committed is applied")
    void committedIsApplied() {
        assertThat(Core.following().receive(append(4, 3, 4, 2)).applyTo()).isEqualTo(2);
    }

    @Test
    @DisplayName("All servers 2: a higher term in any request or answer is adopted, and the server follows")
    void higherTermMakesAFollower() {
        Core request = Core.leader();
        request.receive(new AppendRequest(A, ME, 6, 3, 4, List.of(), 0));
        request.expectRole(RoleName.FOLLOWER, 6);
        Core answer = Core.leader();
        answer.receive(new HeartbeatResponse(A, ME, 6, 1, 3));
        answer.expectRole(RoleName.FOLLOWER, 6);
    }

    @Test
    @DisplayName("Followers 1: answer candidates and leaders")
    void followersAnswer() {
        Core core = Core.follower();
        assertThat(core.receive(new VoteRequest(A, ME, 4, 3, 4)).promises()).hasSize(1);
        assertThat(core.receive(append(4, 3, 4, 0)).promises()).hasSize(1);
    }

    @Test
    @DisplayName("Followers 2: stand after an election timeout without a leader's word or a vote given")
    void followersStandAfterSilence() {
        Core heard = Core.following();
        heard.now += 499 * Core.MS;
        heard.receive(append(4, 3, 4, 0));
        assertThat(heard.raft.nextDeadline()).isGreaterThanOrEqualTo(heard.now + 500 * Core.MS);
        heard.timeOut();
        heard.expectRole(RoleName.PRE_CANDIDATE, 4);
        heard.receive(new PreVoteResponse(B, ME, 5, 4, true));
        heard.expectRole(RoleName.CANDIDATE, 5);
    }

    @Test
    @DisplayName("Candidates 1: raise the term, vote for themselves, reset the timer, ask all others")
    void candidatesStartAnElection() {
        Core core = Core.preCandidate();
        Effects effects = core.receive(new PreVoteResponse(A, ME, 5, 4, true));
        assertThat(hardState(effects)).isEqualTo(new HardState(5, ME));
        assertThat(core.raft.nextDeadline()).isBetween(core.now + 500 * Core.MS, core.now + 1_000 * Core.MS);
        assertThat(effects.promises())
                .containsExactly(
                        new Effects.Promise(new VoteRequest(ME, A, 5, 3, 4), 1),
                        new Effects.Promise(new VoteRequest(ME, B, 5, 3, 4), 1));
    }

    @Test
    @DisplayName("Candidates 2: votes of a majority make a leader")
    void majorityMakesALeader() {
        Core core = Core.candidate();
        core.sync();
        core.receive(new VoteResponse(B, ME, 5, true));
        core.expectRole(RoleName.LEADER, 5);
    }

    @Test
    @DisplayName("Candidates 3: a new leader's AppendEntries makes a follower")
    void appendMakesACandidateAFollower() {
        Core core = Core.candidate();
        core.receive(append(5, 3, 4, 0));
        core.expectRole(RoleName.FOLLOWER, 5);
        assertThat(core.raft.status().leader()).isEqualTo(A);
    }

    @Test
    @DisplayName("Candidates 4: an election timeout starts a new election")
    void timeoutStartsANewElection() {
        Core core = Core.candidate();
        core.timeOut();
        core.receive(new PreVoteResponse(A, ME, 6, 5, true));
        core.expectRole(RoleName.CANDIDATE, 6);
    }

    @Test
    @DisplayName("Leaders 1: heartbeats upon election, and again in idle periods so that nobody else stands")
    void leadersSendHeartbeats() {
        Core core = Core.candidate();
        core.sync();
        List<Entry> first = List.of(Entry.noOp(4, 5));
        assertThat(core.receive(new VoteResponse(A, ME, 5, true)).messages())
                .containsExactly(
                        new AppendRequest(ME, A, 5, 3, 4, first, 0), new AppendRequest(ME, B, 5, 3, 4, first, 0));
        assertThat(core.after(50).messages())
                .contains(new HeartbeatRequest(ME, A, 5, 1, 0), new HeartbeatRequest(ME, B, 5, 1, 0));
    }

    @Test
    @DisplayName("Leaders 2: a client's command is appended, and answered only after it is applied")
    void leadersAppendCommands() {
        Core core = Core.settledLeader();
        Effects effects = core.propose(7);
        assertThat(effects.write()).isEqualTo(new WriteBatch(3, null, WriteBatch.KEEP_ALL, List.of(command(5, 5))));
        assertThat(effects.applyTo()).isZero();
    }

    @Test
    @DisplayName("Leaders 3: a follower whose next index is at or below the last log index is sent entries from there")
    void leadersSendFromNextIndex() {
        Core core = Core.settledLeader();
        assertThat(core.propose(7).messages())
                .containsExactly(
                        new AppendRequest(ME, A, 5, 4, 5, List.of(command(5, 5)), 4),
                        new AppendRequest(ME, B, 5, 4, 5, List.of(command(5, 5)), 4));
    }

    @Test
    @DisplayName("Leaders 3a: success raises next index and match index")
    void successRaisesNextAndMatch() {
        Core core = Core.settledLeader();
        core.propose(7);
        core.sync();
        assertThat(core.receive(AppendResponse.matched(A, ME, 5, 5)).applyTo()).isEqualTo(5);
        assertThat(core.propose(8).messages()).contains(new AppendRequest(ME, A, 5, 5, 5, List.of(command(6, 5)), 5));
    }

    @Test
    @DisplayName("Leaders 3b: a refusal for inconsistency lowers next index and tries again")
    void refusalLowersNextIndex() {
        CoreGroup group =
                new CoreGroup(2, Limits.DEFAULT, Map.of(1L, List.of(1L, 1L, 3L, 3L), 2L, List.of(1L, 1L, 2L)), 3);
        group.elect(1);
        assertThat(group.node(2).log).isEqualTo(group.node(1).log);
    }

    @Test
    @DisplayName(
            "Leaders 4: N is committed if a majority's match index reaches it and its entry is of the current term")
    void leadersCommitEntriesOfTheirTerm() {
        Core core = Core.leader();
        core.sync();
        // Entry 3 of term 4 is on a majority, and is not committed by that.
        core.receive(AppendResponse.matched(A, ME, 5, 3));
        assertThat(core.raft.status().commitIndex()).isZero();
        core.receive(AppendResponse.matched(A, ME, 5, 4));
        assertThat(core.raft.status().commitIndex()).isEqualTo(4);
    }

    @Test
    @DisplayName(
            "Results: an answer names the present term, so that a leader or candidate that is behind updates itself")
    void answersNameThePresentTerm() {
        Core core = Core.follower(new HardState(7, NodeId.NONE), Core.LOG);
        expectPromise(core.receive(append(4, 3, 4, 0)), AppendResponse.refused(ME, A, 7, 3, 0, 0), 0);
        expectPromise(core.receive(new VoteRequest(B, ME, 6, 3, 4)), new VoteResponse(ME, B, 7, false), 0);
        Core leader = Core.leader();
        leader.receive(AppendResponse.refused(A, ME, 7, 3, 0, 0));
        leader.expectRole(RoleName.FOLLOWER, 7);
        Core candidate = Core.candidate();
        candidate.receive(new VoteResponse(A, ME, 7, false));
        candidate.expectRole(RoleName.FOLLOWER, 7);
    }

    @Test
    @DisplayName("Volatile state on leaders: next and match index begin anew with each election")
    void leadersBeginAnew() {
        Core core = Core.settledLeader();
        core.receive(new HeartbeatResponse(A, ME, 6, 1, 4));
        core.expectRole(RoleName.FOLLOWER, 6);
        core.timeOut();
        core.receive(new PreVoteResponse(B, ME, 7, 6, true));
        core.sync();
        Effects elected = core.receive(new VoteResponse(B, ME, 7, true));
        core.expectRole(RoleName.LEADER, 7);
        // The follower is asked from the end of the log, though it was known to have less or more in an earlier term.
        assertThat(elected.messages()).contains(new AppendRequest(ME, A, 7, 4, 5, List.of(Entry.noOp(5, 7)), 4));
        core.sync();
        assertThat(core.raft.status().commitIndex()).isEqualTo(4);
    }
}
