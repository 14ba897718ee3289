package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.MS;
import static io.jangada.core.Core.expectMessages;
import static io.jangada.core.Core.expectNothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Recovered;
import io.jangada.core.config.Timing;
import io.jangada.core.election.ElectionTimer;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How soon a node speaks that knows of nobody, and how often it asks those who do not answer. */
class SilenceTest {
    private static final Membership EQUALS = Membership.ofVoters(ME, A, B);
    private static final Message[] QUESTIONS = {new PreVoteRequest(ME, A, 5, 3, 4), new PreVoteRequest(ME, B, 5, 3, 4)};

    /** The waits that a node with {@link Core}'s seed draws, one after the other. */
    private final ElectionTimer drawn = timer(7);

    private static ElectionTimer timer(long seed) {
        return new ElectionTimer(Timing.DEFAULT, new SplittableRandom(seed));
    }

    private static long firstDeadline(long seed, Membership membership, boolean leases) {
        Options options = Options.DEFAULT.withLeaseReads(leases).withEarlyStart(true);
        RaftConfig config = new RaftConfig(ME, membership, Timing.DEFAULT, Limits.DEFAULT, options);
        return Raft.start(config, new Recovered(LogState.EMPTY, 0), seed, 0).nextDeadline();
    }

    @Test
    void whoStartsWaitsOnlyForTheRandomPartOfAnElectionTimeout() {
        for (long seed = 1; seed <= 50; seed++) {
            long wait = timer(seed).electionTimeoutNanos();
            assertThat(firstDeadline(seed, EQUALS, false))
                    .isEqualTo(wait - 500 * MS)
                    .isBetween(0L, 500 * MS);
        }
    }

    @Test
    void whereLeasesAreUsedItMayHavePromisedItsVoteAndWaitsForAllOfIt() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(firstDeadline(seed, EQUALS, true)).isEqualTo(timer(seed).electionTimeoutNanos());
        }
    }

    @Test
    void whoStartsLeavesThePrecedenceToThoseThatArePreferred() {
        MemberInfo preferred = new MemberInfo("", 1, 0);
        Membership other = Membership.ofVoters(Map.of(ME, new MemberInfo("", 0, 0), A, preferred));
        Membership itself = Membership.ofVoters(Map.of(ME, preferred, A, new MemberInfo("", 0, 0)));
        long wait = timer(3).electionTimeoutNanos();
        assertThat(firstDeadline(3, other, false)).isEqualTo(wait);
        assertThat(firstDeadline(3, itself, false)).isEqualTo(wait - 500 * MS);
    }

    @Test
    void afterTheFirstWaitItWaitsForALeaderAsLongAsAnyOther() {
        Core core = Core.following();
        drawn.electionTimeoutNanos();
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now + drawn.electionTimeoutNanos());
    }

    /** A pre-candidate that has asked once; what it draws from now on is known. */
    private Core asking() {
        Core core = Core.preCandidate();
        drawn.electionTimeoutNanos();
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now + drawn.preVoteRetryNanos());
        return core;
    }

    /** Lets the deadline come, at which it asks again, and waits then for this long. */
    private static void expectQuestion(Core core, long patienceNanos) {
        expectMessages(core.timeOut(), QUESTIONS);
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now + patienceNanos);
    }

    @Test
    void whoGetsNoAnswerWaitsTwiceAsLongEachTimeUpToTheLongestElectionTimeout() {
        Core core = asking();
        expectQuestion(core, 2 * drawn.preVoteRetryNanos());
        expectQuestion(core, 4 * drawn.preVoteRetryNanos());
        for (int i = 0; i < 100; i++) {
            drawn.preVoteRetryNanos();
            expectQuestion(core, 1_000 * MS);
        }
    }

    @Test
    void withAWideRangeOfTimeoutsItDoublesFourTimes() {
        Timing timing = Timing.ofMillis(50, 500, 60_000);
        RaftConfig config = new RaftConfig(ME, EQUALS, timing, Limits.DEFAULT, Options.DEFAULT);
        Raft raft = Raft.start(config, new Recovered(LogState.EMPTY, 0), 7, 0);
        ElectionTimer waits = new ElectionTimer(timing, new SplittableRandom(7));
        waits.electionTimeoutNanos();
        for (int question = 0; question < 70; question++) {
            long now = raft.nextDeadline();
            raft.step(new Event.Tick(), now, new Effects());
            long patience = waits.preVoteRetryNanos() << Math.min(question, 4);
            assertThat(raft.nextDeadline()).as("question %d", question).isEqualTo(now + patience);
        }
    }

    @Test
    void anyAnswerMakesItAskAsOftenAsBefore() {
        Core core = asking();
        expectQuestion(core, 2 * drawn.preVoteRetryNanos());
        expectQuestion(core, 4 * drawn.preVoteRetryNanos());
        long deadline = core.raft.nextDeadline();
        expectNothing(core.receive(new PreVoteResponse(A, ME, 5, 4, false)));
        assertThat(core.raft.nextDeadline()).isEqualTo(deadline);
        expectQuestion(core, drawn.preVoteRetryNanos());
        expectQuestion(core, 2 * drawn.preVoteRetryNanos());
    }

    @Test
    void aNewConnectionEndsAPatienceThatHasGrown() {
        Core core = asking();
        // The first question has the shortest patience anyway.
        long deadline = core.raft.nextDeadline();
        expectNothing(core.step(new Event.PeerConnected(A)));
        assertThat(core.raft.nextDeadline()).isEqualTo(deadline);
        expectQuestion(core, 2 * drawn.preVoteRetryNanos());
        expectQuestion(core, 4 * drawn.preVoteRetryNanos());
        core.now += MS;
        expectNothing(core.step(new Event.PeerConnected(A)));
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now + drawn.preVoteRetryNanos());
        // A second one does not put the question off.
        deadline = core.raft.nextDeadline();
        core.now += MS;
        expectNothing(core.step(new Event.PeerConnected(B)));
        assertThat(core.raft.nextDeadline()).isEqualTo(deadline);
        expectQuestion(core, drawn.preVoteRetryNanos());
    }

    @Test
    void givingWayToARivalTakesNoLongerForIt() {
        Core core = asking();
        core.receive(new PreVoteRequest(B, ME, 5, 3, 4));
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now + 2 * drawn.preVoteRetryNanos());
        expectQuestion(core, 2 * drawn.preVoteRetryNanos());
    }

    /** A leader whose first entry A has and B has not answered; the round before B has been silent for an election timeout is over. */
    private static Core leaderWithASilentFollower() {
        Core core = Core.leader();
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 4));
        for (long round = 1; round < 10; round++) {
            expectMessages(core.after(50), probe(B), heartbeat(A, round, 4), heartbeat(B, round, 0));
            core.receive(new HeartbeatResponse(A, ME, 5, round, 4));
        }
        return core;
    }

    private static AppendRequest probe(NodeId node) {
        return new AppendRequest(ME, node, 5, 3, 4, List.of(), 4);
    }

    private static HeartbeatRequest heartbeat(NodeId node, long round, long commit) {
        return new HeartbeatRequest(ME, node, 5, round, commit);
    }

    @Test
    void whoWasSilentForAnElectionTimeoutIsSentHeartbeatsOnlyUntilItAnswersOne() {
        Core core = leaderWithASilentFollower();
        for (long round = 10; round < 30; round++) {
            expectMessages(core.after(50), heartbeat(A, round, 4), heartbeat(B, round, 0));
            core.receive(new HeartbeatResponse(A, ME, 5, round, 4));
        }
        expectMessages(core.receive(new HeartbeatResponse(B, ME, 5, 29, 3)), probe(B));
        expectNothing(core.receive(new HeartbeatResponse(B, ME, 5, 29, 3)));
        // It is there, so what is lost is repeated with each heartbeat.
        expectMessages(core.after(50), probe(B), heartbeat(A, 30, 4), heartbeat(B, 30, 0));
        expectMessages(
                core.receive(AppendResponse.matched(B, ME, 5, 3)),
                new AppendRequest(ME, B, 5, 3, 4, List.of(Entry.noOp(4, 5)), 4));
    }

    @Test
    void aNewConnectionIsReasonEnoughToAskTheSilent() {
        Core core = leaderWithASilentFollower();
        expectMessages(core.after(50), heartbeat(A, 10, 4), heartbeat(B, 10, 0));
        expectMessages(
                core.step(new Event.PeerConnected(B)), new AppendRequest(ME, B, 5, 3, 4, List.of(Entry.noOp(4, 5)), 4));
    }

    @Test
    void anAnswerToAHeartbeatRepeatsNothingThatIsNotOverdue() {
        Core core = Core.leader();
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 4));
        core.after(50);
        expectNothing(core.receive(new HeartbeatResponse(B, ME, 5, 1, 3)));
    }
}
