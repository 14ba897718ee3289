package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TermGateTest {

    @Test
    void whoIsNoMemberAndWhatIsForOthersIsCountedAndIgnored() {
        Core core = Core.follower();
        expectNothing(core.receive(new VoteRequest(NodeId.of(9), ME, 50, 3, 4)));
        expectNothing(core.receive(new VoteRequest(A, B, 50, 9, 9)));
        expectNothing(core.receive(new VoteRequest(ME, ME, 50, 9, 9)));
        expectNothing(core.receive(new VoteRequest(A, ME, -1, 9, 9)));
        core.expectRole(RoleName.FOLLOWER, 4);
        assertThat(core.raft.ignoredMessages()).isEqualTo(4);
    }

    @Test
    void aLowerTermIsAnsweredWithThePresentOne() {
        Core core = Core.follower();
        expectPromise(core.receive(new VoteRequest(A, ME, 3, 9, 9)), new VoteResponse(ME, A, 4, false), 0);
        expectPromise(core.receive(append(3, 3, 4, 3)), AppendResponse.refused(ME, A, 4, 3, 0, 0), 0);
        expectPromise(core.receive(new HeartbeatRequest(A, ME, 3, 6, 3)), new HeartbeatResponse(ME, A, 4, 6, 3), 0);
        expectPromise(core.receive(new ReadIndexRequest(A, ME, 3, 6)), new ReadIndexResponse(ME, A, 4, 6, false, 0), 0);
        expectPromise(core.receive(new PreVoteRequest(A, ME, 3, 9, 9)), new PreVoteResponse(ME, A, 3, 4, false), 0);
        assertThat(core.raft.status().leader()).isEqualTo(NodeId.NONE);
        assertThat(core.raft.status().commitIndex()).isZero();
    }

    @Test
    void staleAnswersMeanNothing() {
        Core core = Core.settledLeader();
        expectNothing(core.receive(AppendResponse.matched(A, ME, 4, 4)));
        expectNothing(core.receive(new HeartbeatResponse(A, ME, 4, 1, 0)));
        expectNothing(core.receive(new VoteResponse(A, ME, 4, true)));
        expectNothing(core.receive(new ReadIndexResponse(A, ME, 4, 1, true, 9)));
        expectNothing(core.receive(new ForwardResponse(A, ME, 4, 1, ForwardOutcome.APPENDED, 9, 4)));
    }

    @Test
    void aHigherTermMakesEveryRoleAFollowerOfThatTerm() {
        for (Core core : List.of(Core.follower(), Core.preCandidate(), Core.candidate())) {
            Effects effects = core.receive(new VoteResponse(A, ME, 9, false));
            core.expectRole(RoleName.FOLLOWER, 9);
            WriteBatch write = effects.write();
            assertThat(write).isNotNull().satisfies(batch -> assertThat(batch.hardState())
                    .isEqualTo(new HardState(9, NodeId.NONE)));
            assertThat(effects.promises()).isEmpty();
        }
        Core leader = Core.leader();
        leader.receive(AppendResponse.refused(A, ME, 9, 3, 0, 0));
        leader.expectRole(RoleName.FOLLOWER, 9);
        assertThat(leader.raft.status().leader()).isEqualTo(NodeId.NONE);
    }

    @Test
    void onlyALeadersMessageNamesTheLeader() {
        Core core = Core.follower();
        core.receive(new HeartbeatRequest(A, ME, 9, 1, 0));
        assertThat(core.raft.status().leader()).isEqualTo(A);
        core.receive(new ReadIndexRequest(B, ME, 10, 1));
        assertThat(core.raft.status().leader()).isEqualTo(NodeId.NONE);
    }

    @Test
    void aVoteOfAHigherTermIsNotHeardWhileALeaderIsLive() {
        Core follower = Core.following();
        expectNothing(follower.receive(new VoteRequest(B, ME, 9, 9, 9)));
        follower.expectRole(RoleName.FOLLOWER, 4);
        Core leader = Core.leader();
        expectNothing(leader.receive(new VoteRequest(B, ME, 9, 9, 9)));
        leader.expectRole(RoleName.LEADER, 5);
        follower.now += 500 * Core.MS;
        follower.receive(new VoteRequest(B, ME, 9, 9, 9));
        follower.expectRole(RoleName.FOLLOWER, 9);
    }

    @Test
    void termAndVoteOfOneStepAreOneWrite() {
        Core core = Core.follower();
        Effects effects = core.receive(new VoteRequest(A, ME, 9, 3, 4));
        assertThat(effects.write()).isEqualTo(new WriteBatch(1, new HardState(9, A), WriteBatch.KEEP_ALL, List.of()));
        expectPromise(effects, new VoteResponse(ME, A, 9, true), 1);
    }

    /** Whatever a peer says, nothing is thrown, and what is committed stays. */
    @Test
    void nonsenseIsIgnoredOrRefused() {
        for (long seed = 0; seed < 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Core core =
                    switch (random.nextInt(5)) {
                        case 0 -> Core.following();
                        case 1 -> Core.preCandidate();
                        case 2 -> Core.candidate();
                        case 3 -> Core.leader();
                        default -> Core.settledLeader();
                    };
            for (int i = 0; i < 40; i++) {
                long before = core.raft.status().commitIndex();
                core.receive(nonsense(random));
                assertThat(core.raft.status().commitIndex()).isGreaterThanOrEqualTo(before);
                if (random.nextInt(8) == 0) {
                    core.sync();
                    core.timeOut();
                }
            }
        }
    }

    private static long number(SplittableRandom random) {
        return switch (random.nextInt(13)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> Long.MIN_VALUE;
            case 2 -> -1;
            case 3 -> Long.MAX_VALUE - 1;
            default -> random.nextInt(9);
        };
    }

    private static Message nonsense(SplittableRandom random) {
        NodeId from = random.nextBoolean() ? A : B;
        long term = random.nextInt(12) == 0 ? number(random) : random.nextInt(3, 8);
        long a = number(random);
        long b = number(random);
        long c = number(random);
        boolean yes = random.nextBoolean();
        return switch (random.nextInt(15)) {
            case 0 -> new PreVoteRequest(from, ME, term, a, b);
            case 1 -> new PreVoteResponse(from, ME, term, a, yes, random.nextBoolean());
            case 2 -> new VoteRequest(from, ME, term, a, b);
            case 3 -> new VoteResponse(from, ME, term, yes, random.nextBoolean());
            case 4 -> new HeartbeatRequest(from, ME, term, a, b);
            case 5 -> new HeartbeatResponse(from, ME, term, a, b);
            case 6 -> new AppendResponse(from, ME, term, yes, a, b, c, random.nextBoolean());
            case 7 -> new ReadIndexRequest(from, ME, term, a);
            case 8 -> new ReadIndexResponse(from, ME, term, a, yes, b);
            case 9 -> new ForwardRequest(from, ME, term, a, Core.COMMAND);
            case 11 -> new CommitNotice(from, ME, term, a);
            case 10 -> new ForwardResponse(from, ME, term, a, ForwardOutcome.APPENDED, b, c);
            case 12 ->
                new RepairRequest(
                        from, ME, term, new LogPosition(a, b), c, new LogPosition(b, c), new LogPosition(c, a));
            case 13 ->
                new RepairResponse(
                        from, ME, term, new LogPosition(b, a), new LogPosition(a, b), List.of(Entry.noOp(c, a)));
            default -> nonsenseAppend(random, from, term);
        };
    }

    private static Message nonsenseAppend(SplittableRandom random, NodeId from, long term) {
        long prev = number(random);
        List<Entry> entries = new ArrayList<>();
        for (int more = random.nextInt(4); more > 0; more--) {
            long index = random.nextInt(6) == 0 ? number(random) : prev + 1 + entries.size();
            entries.add(Entry.command(index, number(random), Core.COMMAND));
        }
        return new AppendRequest(from, ME, term, prev, number(random), entries, number(random));
    }
}
