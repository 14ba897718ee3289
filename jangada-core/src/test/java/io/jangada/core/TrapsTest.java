package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One test for each trap of docs/traps.md that the core could fall into. */
class TrapsTest {

    @Test
    void trap02AVoteThatACrashForgetsWasNeverSent() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT);
        CoreNode node = group.node(1);
        node.receive(new VoteRequest(A, ME, 3, 0, 0), group.nowNanos);
        assertThat(group.network).isEmpty();
        group.crash(node, 0);
        group.restart(node, 1);
        node.receive(new VoteRequest(B, ME, 3, 0, 0), group.nowNanos);
        group.sync(node, 1);
        assertThat(group.network).containsExactly(new VoteResponse(ME, B, 3, true));
        group.crash(node, 0);
        group.restart(node, 1);
        node.receive(new VoteRequest(A, ME, 3, 0, 0), group.nowNanos);
        assertThat(group.network).contains(new VoteResponse(ME, A, 3, false));
    }

    @Test
    void trap03VoteAndLogAreOneStream() {
        Core core = Core.follower();
        Effects first = core.receive(append(5, 3, 4, 0, command(4, 5)));
        assertThat(first.write())
                .isEqualTo(
                        new WriteBatch(1, new HardState(5, NodeId.NONE), WriteBatch.KEEP_ALL, List.of(command(4, 5))));
        core.now += 1_000 * Core.MS;
        Effects second = core.receive(new VoteRequest(B, ME, 6, 4, 5));
        expectPromise(second, new VoteResponse(ME, B, 6, true), 2);
    }

    @Test
    void trap04FigureEightAnOldTermsEntryOnAMajorityIsNotCommitted() {
        // S1 of Figure 8 (c): leads again with entry 2 of term 2, which reaches a majority; S5 may still overwrite it.
        // Each message carries one entry, and the one of the leader's own term gets lost.
        CoreGroup group = new CoreGroup(
                5,
                new Limits(64, 64, 5, 1_000, 4_000, 4_000, 20),
                Map.of(1L, List.of(1L, 2L), 2L, List.of(1L, 2L), 3L, List.of(1L), 4L, List.of(1L), 5L, List.of(1L, 3L)),
                3);
        CoreNode one = group.node(1);
        group.lost = message -> message.from().equals(NodeId.of(5))
                || message.to().equals(NodeId.of(5))
                || (message instanceof AppendRequest request
                        && request.entries().stream().anyMatch(entry -> entry.term() == 4));
        group.elect(1);
        group.pass(200);
        assertThat(group.node(3).log).hasSize(2);
        assertThat(group.node(4).log).hasSize(2);
        assertThat(one.status().leads()).isTrue();
        assertThat(one.status().commitIndex()).isZero();
        group.lost = message -> false;
        group.pass(200);
        assertThat(one.status().commitIndex()).isEqualTo(3);
        assertThat(group.node(5).log).isEqualTo(one.log);
    }

    @Test
    void trap05AVoteThatArrivesTwiceCountsOnce() {
        Core core = Core.candidate();
        core.receive(new VoteResponse(A, ME, 5, true));
        core.receive(new VoteResponse(A, ME, 5, true));
        core.expectRole(RoleName.CANDIDATE, 5);
    }

    @Test
    void trap06PreVoteDeadlocks() {
        // A node behind in term is answered, so that it catches up.
        expectPromise(
                Core.follower().receive(new PreVoteRequest(A, ME, 2, 9, 9)),
                new PreVoteResponse(ME, A, 2, 4, false),
                0);
        // Whoever asks for pre-votes knows no leader any more, and grants them to others.
        assertThat(Core.preCandidate().raft.status().leader()).isEqualTo(NodeId.NONE);
        // The higher term of a refusal is adopted.
        Core behind = Core.preCandidate();
        behind.receive(new PreVoteResponse(A, ME, 5, 8, false));
        behind.expectRole(RoleName.FOLLOWER, 8);
        // Granting one does not put the own candidacy off.
        Core granter = Core.follower();
        long deadline = granter.raft.nextDeadline();
        granter.now += Core.MS;
        granter.receive(new PreVoteRequest(A, ME, 5, 3, 4));
        assertThat(granter.raft.nextDeadline()).isEqualTo(deadline);
        // Answers that come after the election mean nothing.
        Core leader = Core.leader();
        expectNothing(leader.receive(new PreVoteResponse(B, ME, 5, 4, true)));
        expectNothing(leader.receive(new PreVoteResponse(B, ME, 6, 5, true)));
        leader.expectRole(RoleName.LEADER, 5);
    }

    @Test
    void trap07AVoteRequestDoesNotDeposeALiveLeader() {
        Core core = Core.following();
        expectNothing(core.receive(new VoteRequest(B, ME, 40, 9, 9)));
        core.expectRole(RoleName.FOLLOWER, 4);
    }

    @Test
    void trap08ALeaderNeverStandsAgainstItself() {
        Core core = Core.settledLeader();
        for (int round = 1; round < 100; round++) {
            core.timeOut();
            core.receive(new HeartbeatResponse(B, ME, 5, round, 4));
            core.expectRole(RoleName.LEADER, 5);
        }
    }

    @Test
    void trap10AStrangerWithAHighTermIsNotHeard() {
        Core core = Core.follower();
        NodeId stranger = NodeId.of(77);
        // Its log does not go beyond this one, so the entry that would have made it a member does not exist.
        expectNothing(core.receive(new VoteRequest(stranger, ME, 99, 3, 4)));
        expectNothing(core.receive(new VoteRequest(stranger, ME, 99, 99, 3)));
        expectNothing(core.receive(new PreVoteRequest(stranger, ME, 99, 3, 4)));
        expectNothing(core.receive(new PreVoteResponse(stranger, ME, 99, 99, false)));
        core.expectRole(RoleName.FOLLOWER, 4);
    }

    @Test
    void trap11CommitStopsAtTheLastNewEntry() {
        // Entry 3 is here, but this request does not vouch for it.
        Core core = Core.following();
        core.receive(append(4, 2, 1, 3));
        assertThat(core.raft.status().commitIndex()).isEqualTo(2);
    }

    @Test
    void trap12AShortDelayedAppendDropsNothing() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 0, command(4, 4), command(5, 4)));
        Effects late = core.receive(append(4, 3, 4, 0, command(4, 4)));
        assertThat(late.write()).isNull();
        assertThat(core.raft.status().lastIndex()).isEqualTo(5);
        expectPromise(late, AppendResponse.matched(ME, A, 4, 4), 1);
    }

    @Test
    void trap13ABatchWithAHoleIsNotSentAndNotTaken() {
        expectNothing(Core.following().receive(append(4, 3, 4, 0, command(4, 4), command(6, 4))));
        // An empty answer of the disk is not the end of the log: nothing is sent on it.
        Core core = Core.leader();
        Effects refused = core.receive(AppendResponse.refused(A, ME, 5, 3, 1, 2));
        expectNothing(core.step(new Event.Loaded(refused.loads().get(0), List.of())));
    }

    @Test
    void trap14AnAnswerOfAnEarlierTermDoesNotMoveTheMatchIndex() {
        Core core = Core.leader();
        core.sync();
        expectNothing(core.receive(AppendResponse.matched(A, ME, 4, 4)));
        assertThat(core.raft.status().commitIndex()).isZero();
        // Nor does one that names more than was ever sent.
        expectNothing(core.receive(AppendResponse.matched(A, ME, 5, 400)));
        assertThat(core.raft.status().commitIndex()).isZero();
    }

    @Test
    void trap17ABatchThatIsCutOnItsWayDoesNotCountWhenItArrives() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 0, command(4, 4), command(5, 4)));
        core.receive(new HeartbeatRequest(B, ME, 5, 1, 0));
        core.receive(new AppendRequest(B, ME, 5, 3, 4, List.of(command(4, 5)), 4));
        // Batch 1 arrives: entry 4 of term 4, which is not in the log any more.
        Effects effects = core.step(new Event.Persisted(1));
        assertThat(core.raft.status().persistedIndex()).isEqualTo(3);
        assertThat(effects.applyTo()).isZero();
        assertThat(core.sync().applyTo()).isEqualTo(4);
    }

    @Test
    void trap18TheTermOfTheLastEntryDecidesBeforeItsIndex() {
        expectPromise(Core.follower().receive(new VoteRequest(A, ME, 4, 900, 3)), new VoteResponse(ME, A, 4, false), 0);
        expectPromise(Core.follower().receive(new VoteRequest(A, ME, 5, 1, 5)), new VoteResponse(ME, A, 5, true), 1);
    }

    @Test
    void trap36NoReadBeforeACommitOfTheOwnTerm() {
        Core core = Core.leader();
        core.sync();
        expectNothing(core.read(7));
        core.after(50);
        assertThat(core.receive(new HeartbeatResponse(A, ME, 5, 1, 4)).readReady())
                .isEmpty();
        Effects committed = core.receive(AppendResponse.matched(A, ME, 5, 4));
        assertThat(committed.readReady()).isEmpty();
        assertThat(committed.messages()).contains(new HeartbeatRequest(ME, A, 5, 2, 4));
        assertThat(core.receive(new HeartbeatResponse(A, ME, 5, 2, 4)).readReady())
                .containsExactly(new Effects.ReadReady(7, 4));
    }

    @Test
    void trap37ARepeatedReadIsNotConfirmedByTheRoundOfTheFirst() {
        Core core = Core.settledLeader();
        core.read(7);
        core.propose(1);
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 5));
        // The same number again: it came after round 1 had begun.
        core.read(7);
        assertThat(core.receive(new HeartbeatResponse(A, ME, 5, 1, 5)).readReady())
                .containsExactly(new Effects.ReadReady(7, 4));
        assertThat(core.receive(new HeartbeatResponse(A, ME, 5, 2, 5)).readReady())
                .containsExactly(new Effects.ReadReady(7, 5));
    }

    /** A bug of the first version: the copy of a forwarded proposal that was taken was declined after the step down, and the sender repeated it. */
    @Test
    void aForwardThatWasTakenIsNeverDeclined() {
        Core core = Core.settledLeader();
        ForwardRequest taken = new ForwardRequest(A, ME, 5, 9, Core.COMMAND);
        core.receive(taken);
        for (int i = 0; i < 21; i++) {
            core.after(50);
        }
        core.expectRole(RoleName.FOLLOWER, 5);
        expectNothing(core.receive(taken));
        expectPromise(
                core.receive(new ForwardRequest(A, ME, 5, 10, Core.COMMAND)),
                new ForwardResponse(ME, A, 5, 10, ForwardOutcome.NOT_LEADER, 0, 0),
                1);
        core.receive(new HeartbeatRequest(B, ME, 6, 1, 0));
        expectNothing(core.receive(taken));
    }

    @Test
    void trap16NoIndexIsUsedTwiceInATerm() {
        Core core = Core.settledLeader();
        long last = 4;
        for (int i = 0; i < 50; i++) {
            WriteBatch write = core.propose(i).write();
            assertThat(write).isNotNull();
            for (Entry entry : write == null ? List.<Entry>of() : write.entries()) {
                assertThat(entry.index()).isEqualTo(++last);
            }
        }
    }
}
