package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.expectMessages;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import io.jangada.core.step.WriteBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateTest {

    @Test
    void leadsWithAMajorityOfVotesItsOwnBeingDurable() {
        Core core = Core.candidate();
        expectNothing(core.sync());
        expectNothing(core.receive(new VoteResponse(B, ME, 5, false)));
        Effects effects = core.receive(new VoteResponse(A, ME, 5, true));
        core.expectRole(RoleName.LEADER, 5);
        Entry noOp = Entry.noOp(4, 5);
        assertThat(effects.write()).isEqualTo(new WriteBatch(2, null, WriteBatch.KEEP_ALL, List.of(noOp)));
        assertThat(effects.messages())
                .containsExactly(
                        new AppendRequest(ME, A, 5, 3, 4, List.of(noOp), 0),
                        new AppendRequest(ME, B, 5, 3, 4, List.of(noOp), 0));
        assertThat(effects.promises()).isEmpty();
    }

    @Test
    void itsOwnVoteDoesNotCountBeforeItIsDurable() {
        Core core = Core.candidate();
        expectNothing(core.receive(new VoteResponse(A, ME, 5, true)));
        core.expectRole(RoleName.CANDIDATE, 5);
        core.sync();
        core.expectRole(RoleName.LEADER, 5);
    }

    @Test
    void aVoteCountsOnceHoweverOftenItArrives() {
        Core core = Core.candidate();
        expectNothing(core.receive(new VoteResponse(A, ME, 5, true)));
        expectNothing(core.receive(new VoteResponse(A, ME, 5, true)));
        core.expectRole(RoleName.CANDIDATE, 5);
    }

    @Test
    void refusesItsVoteToOthersOfTheTerm() {
        Core core = Core.candidate();
        expectPromise(core.receive(new VoteRequest(B, ME, 5, 9, 4)), new VoteResponse(ME, B, 5, false), 1);
        core.expectRole(RoleName.CANDIDATE, 5);
    }

    @Test
    void asksAnewWhenTheVotesSplitAndSpendsNoTermOnIt() {
        Core core = Core.candidate();
        Effects effects = core.timeOut();
        core.expectRole(RoleName.PRE_CANDIDATE, 5);
        expectMessages(effects, new PreVoteRequest(ME, A, 6, 3, 4), new PreVoteRequest(ME, B, 6, 3, 4));
    }

    @Test
    void followsTheLeaderOfItsTerm() {
        Core core = Core.candidate();
        Effects effects = core.receive(new HeartbeatRequest(B, ME, 5, 2, 0));
        core.expectRole(RoleName.FOLLOWER, 5);
        assertThat(core.raft.status().leader()).isEqualTo(B);
        expectPromise(effects, new HeartbeatResponse(ME, B, 5, 2, 3), 1);
        Core other = Core.candidate();
        Effects appended = other.receive(new AppendRequest(B, ME, 5, 3, 4, List.of(), 0));
        other.expectRole(RoleName.FOLLOWER, 5);
        expectPromise(appended, AppendResponse.matched(ME, B, 5, 3), 1);
    }

    @Test
    void latePreVotesMeanNothing() {
        Core core = Core.candidate();
        expectNothing(core.receive(new PreVoteResponse(B, ME, 5, 4, true)));
        core.expectRole(RoleName.CANDIDATE, 5);
    }

    @Test
    void refusesClients() {
        Core core = Core.candidate();
        assertThat(core.propose(1).refused()).containsExactly(new Effects.Refused(1, Refusal.NOT_LEADER, NodeId.NONE));
        assertThat(core.read(2).refused()).containsExactly(new Effects.Refused(2, Refusal.NOT_LEADER, NodeId.NONE));
    }
}
