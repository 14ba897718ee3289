package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static io.jangada.core.Core.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Recovered;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A follower of A in term 4 with entries 1@1 2@1 3@4, to which snapshots are sent. */
class FollowerSnapshotTest {
    private static final SnapshotMeta SNAPSHOT = snapshot(10, 4);
    private static final byte[] PIECE = new byte[64];
    private static final byte[] REST = new byte[36];
    private static final byte[] NOTHING = new byte[0];

    private static SnapshotRequest piece(long term, SnapshotMeta snapshot, long offset, byte[] piece) {
        return new SnapshotRequest(A, ME, term, snapshot, offset, piece);
    }

    private static final SnapshotRequest LAST = piece(4, SNAPSHOT, 64, REST);

    private static SnapshotResponse answer(SnapshotMeta snapshot, SnapshotOutcome outcome, long nextOffset) {
        return new SnapshotResponse(ME, A, 4, snapshot.index(), snapshot.fingerprint(), outcome, nextOffset);
    }

    private static Effects staged(Core core, SnapshotRequest piece, SnapshotOutcome outcome, long nextOffset) {
        return core.step(new Event.ChunkStaged(piece, outcome, nextOffset));
    }

    private static Effects complete(Core core) {
        return staged(core, LAST, SnapshotOutcome.INSTALLED, 100);
    }

    private static void expectStaging(Effects effects, SnapshotRequest piece) {
        assertThat(effects.stageChunks()).containsExactly(piece);
        assertThat(effects.messages()).isEmpty();
        assertThat(effects.promises()).isEmpty();
        assertThat(effects.write()).isNull();
    }

    @Test
    void piecesGoToTheStoreAndItsAnswersToTheLeader() {
        Core core = Core.following();
        SnapshotRequest question = piece(4, SNAPSHOT, 0, NOTHING);
        expectStaging(core.receive(question), question);
        expectPromise(
                staged(core, question, SnapshotOutcome.WANTS_MORE, 0),
                answer(SNAPSHOT, SnapshotOutcome.WANTS_MORE, 0),
                0);
        SnapshotRequest outOfOrder = piece(4, SNAPSHOT, 64, REST);
        expectStaging(core.receive(outOfOrder), outOfOrder);
        expectPromise(
                staged(core, outOfOrder, SnapshotOutcome.WANTS_MORE, 0),
                answer(SNAPSHOT, SnapshotOutcome.WANTS_MORE, 0),
                0);
        expectPromise(
                staged(core, question, SnapshotOutcome.REJECTED, 0), answer(SNAPSHOT, SnapshotOutcome.REJECTED, 0), 0);
    }

    @Test
    void aPieceCountsAsAWordOfTheLeader() {
        Core core = Core.following();
        core.now += 400 * Core.MS;
        core.receive(piece(4, SNAPSHOT, 0, PIECE));
        assertThat(core.raft.nextDeadline()).isGreaterThanOrEqualTo(core.now + 500 * Core.MS);
        Core stranger = Core.follower();
        stranger.receive(piece(4, SNAPSHOT, 0, PIECE));
        assertThat(stranger.raft.status().leader()).isEqualTo(A);
    }

    @Test
    void aPieceOfALaterTermIsFromItsLeader() {
        Core core = Core.following();
        Effects effects = core.receive(new SnapshotRequest(B, ME, 6, SNAPSHOT, 0, PIECE));
        core.expectRole(RoleName.FOLLOWER, 6);
        assertThat(core.raft.status().leader()).isEqualTo(B);
        assertThat(effects.stageChunks()).hasSize(1);
    }

    @Test
    void whoeverStandsForElectionFollowsALeaderWithASnapshot() {
        Core preCandidate = Core.preCandidate();
        assertThat(preCandidate.receive(piece(4, SNAPSHOT, 0, PIECE)).stageChunks())
                .hasSize(1);
        preCandidate.expectRole(RoleName.FOLLOWER, 4);
        Core candidate = Core.candidate();
        assertThat(candidate.receive(piece(5, SNAPSHOT, 0, PIECE)).stageChunks())
                .hasSize(1);
        candidate.expectRole(RoleName.FOLLOWER, 5);
    }

    @Test
    void aLeaderTakesNoSnapshotOfItsOwnTerm() {
        expectNothing(Core.settledLeader().receive(piece(5, SNAPSHOT, 0, PIECE)));
    }

    @Test
    void aLateLeaderIsToldTheTerm() {
        Effects effects = Core.following().receive(piece(3, SNAPSHOT, 0, PIECE));
        assertThat(effects.promises()).hasSize(1);
        assertThat(effects.promises().get(0).message().term()).isEqualTo(4);
        assertThat(effects.stageChunks()).isEmpty();
    }

    @Test
    void whatIsNoSnapshotIsIgnored() {
        Core core = Core.following();
        expectNothing(core.receive(piece(4, snapshot(10, 5), 0, PIECE)));
        expectNothing(core.receive(piece(4, SNAPSHOT, -1, PIECE)));
        expectNothing(core.receive(piece(4, SNAPSHOT, 64, PIECE)));
        expectNothing(core.receive(piece(4, SNAPSHOT, Long.MAX_VALUE, PIECE)));
    }

    @Test
    void aSnapshotOfWhatIsCommittedIsNotNeeded() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 3));
        expectPromise(
                core.receive(piece(4, snapshot(2, 1), 0, NOTHING)),
                answer(snapshot(2, 1), SnapshotOutcome.NOT_NEEDED, 0),
                0);
        expectPromise(
                core.receive(piece(4, snapshot(3, 4), 0, NOTHING)),
                answer(snapshot(3, 4), SnapshotOutcome.NOT_NEEDED, 0),
                0);
    }

    /** A snapshot covers only what is committed: who has its last entry needs none of its content. */
    @Test
    void aSnapshotOfWhatIsInTheLogIsNewsOfTheCommitIndex() {
        Core core = Core.following();
        Effects effects = core.receive(piece(4, snapshot(2, 1), 0, NOTHING));
        expectPromise(effects, answer(snapshot(2, 1), SnapshotOutcome.NOT_NEEDED, 0), 0);
        assertThat(effects.applyTo()).isEqualTo(2);
        assertThat(effects.stageChunks()).isEmpty();
        assertThat(core.raft.status().commitIndex()).isEqualTo(2);
    }

    @Test
    void theStoreIsNotFlooded() {
        Core core = Core.following();
        SnapshotRequest piece = piece(4, SNAPSHOT, 0, PIECE);
        for (int i = 0; i < 4; i++) {
            assertThat(core.receive(piece).stageChunks()).hasSize(1);
        }
        expectNothing(core.receive(piece));
        staged(core, piece, SnapshotOutcome.WANTS_MORE, 64);
        assertThat(core.receive(piece).stageChunks()).hasSize(1);
    }

    @Test
    void aCompleteSnapshotTakesThePlaceOfTheLogAndThePromiseWaitsForThat() {
        Core core = Core.following();
        core.receive(LAST);
        Effects effects = complete(core);
        assertThat(effects.write())
                .isEqualTo(new WriteBatch(1, null, new LogBase(10, 4, true), WriteBatch.KEEP_ALL, List.of()));
        assertThat(effects.install()).isEqualTo(SNAPSHOT);
        assertThat(effects.applyTo()).isZero();
        expectPromise(effects, answer(SNAPSHOT, SnapshotOutcome.INSTALLED, 100), 1);
        RaftStatus status = core.raft.status();
        assertThat(List.of(status.firstIndex(), status.lastIndex(), status.commitIndex(), status.snapshotIndex()))
                .containsExactly(11L, 10L, 10L, 10L);
        expectPromise(core.receive(append(4, 10, 4, 11, command(11, 4))), AppendResponse.matched(ME, A, 4, 11), 2);
        assertThat(core.sync().applyTo()).isEqualTo(11);
    }

    @Test
    void theMembershipInASnapshotIsInForceWithIt() {
        NodeId c = NodeId.of(4);
        MembershipAt other = new MembershipAt(8, Membership.ofVoters(ME, A, c));
        SnapshotMeta snapshot = new SnapshotMeta(10, 4, other, 100, 5);
        Core core = Core.following();
        Effects effects = staged(core, piece(4, snapshot, 64, REST), SnapshotOutcome.INSTALLED, 100);
        assertThat(effects.membership()).isEqualTo(other);
        assertThat(core.raft.status().membership()).isEqualTo(other);
    }

    @Test
    void aConflictingLogGoesAsAWhole() {
        Core core = Core.follower(new HardState(4, NodeId.NONE), List.of(1L, 1L, 2L, 2L, 2L));
        SnapshotMeta snapshot = snapshot(3, 4);
        SnapshotRequest last = piece(4, snapshot, 64, REST);
        assertThat(core.receive(last).stageChunks()).hasSize(1);
        Effects effects = staged(core, last, SnapshotOutcome.INSTALLED, 100);
        assertThat(effects.write())
                .isEqualTo(new WriteBatch(1, null, new LogBase(3, 4, true), WriteBatch.KEEP_ALL, List.of()));
        assertThat(core.raft.status().lastIndex()).isEqualTo(3);
    }

    @Test
    void entriesThatHaveArrivedMeanwhileStayAndTheirStateIsNotReplaced() {
        Core core = Core.following();
        SnapshotMeta snapshot = snapshot(4, 4);
        SnapshotRequest last = piece(4, snapshot, 64, REST);
        assertThat(core.receive(last).stageChunks()).hasSize(1);
        core.receive(append(4, 3, 4, 0, command(4, 4), command(5, 4)));
        Effects effects = staged(core, last, SnapshotOutcome.INSTALLED, 100);
        assertThat(effects.install()).isNull();
        assertThat(effects.write()).isNull();
        // They are not durable yet, and the promise says that they are.
        expectPromise(effects, answer(snapshot, SnapshotOutcome.INSTALLED, 100), 1);
        assertThat(core.raft.status().commitIndex()).isEqualTo(4);
        assertThat(core.raft.status().lastIndex()).isEqualTo(5);
        assertThat(core.raft.status().snapshotIndex()).isEqualTo(4);
        assertThat(core.sync().applyTo()).isEqualTo(4);
    }

    @Test
    void aCompleteSnapshotIsUsedInALaterTermAndNobodyIsAnswered() {
        Core core = Core.following();
        core.receive(LAST);
        core.receive(new HeartbeatRequest(B, ME, 5, 1, 0));
        Effects effects = complete(core);
        assertThat(effects.install()).isEqualTo(SNAPSHOT);
        assertThat(effects.promises()).isEmpty();
        assertThat(core.raft.status().commitIndex()).isEqualTo(10);
        expectNothing(staged(core, LAST, SnapshotOutcome.WANTS_MORE, 64));
    }

    @Test
    void aCompleteSnapshotIsUsedWhileStandingForElection() {
        Core core = Core.candidate();
        Effects effects = complete(core);
        core.expectRole(RoleName.CANDIDATE, 5);
        assertThat(effects.install()).isEqualTo(SNAPSHOT);
        core.sync();
        core.receive(new VoteResponse(A, ME, 5, true));
        core.expectRole(RoleName.LEADER, 5);
        assertThat(core.raft.status().lastIndex()).isEqualTo(11);
    }

    @Test
    void aLeaderIsNeverReplacedBySnapshotsThatItStagedBefore() {
        Core core = Core.settledLeader();
        expectNothing(complete(core));
        expectNothing(staged(core, piece(4, snapshot(3, 4), 64, REST), SnapshotOutcome.INSTALLED, 100));
        assertThat(core.raft.status().lastIndex()).isEqualTo(4);
        assertThat(core.raft.status().snapshotIndex()).isEqualTo(3);
    }

    @Test
    void electionsWorkWhileASnapshotIsStored() {
        Core core = Core.following();
        core.receive(piece(4, SNAPSHOT, 0, PIECE));
        core.now += 600 * Core.MS;
        expectPromise(core.receive(new VoteRequest(B, ME, 5, 3, 4)), new VoteResponse(ME, B, 5, true), 1);
        core.timeOut();
        core.expectRole(RoleName.PRE_CANDIDATE, 5);
    }

    @Test
    void aSnapshotOfItsOwnCompactsTheLogAndStaleOnesDoNothing() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 3));
        assertThat(core.step(new Event.SnapshotTaken(snapshot(3, 4))).write())
                .isEqualTo(new WriteBatch(1, null, new LogBase(2, 1, false), WriteBatch.KEEP_ALL, List.of()));
        expectNothing(core.step(new Event.SnapshotTaken(snapshot(3, 4))));
        expectNothing(core.step(new Event.SnapshotTaken(snapshot(2, 1))));
        assertThat(core.raft.status().firstIndex()).isEqualTo(3);
    }

    @Test
    void aCompactedLogStillAnswersALeaderThatBeginsBeforeIt() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 3));
        core.step(new Event.SnapshotTaken(snapshot(3, 4)));
        expectPromise(
                core.receive(append(4, 0, 0, 3, command(1, 1), command(2, 1), command(3, 4), command(4, 4))),
                AppendResponse.matched(ME, A, 4, 4),
                2);
        expectPromise(core.receive(append(4, 1, 1, 3, command(2, 1))), AppendResponse.matched(ME, A, 4, 2), 2);
    }

    @Test
    void aSnapshotThatTheLogDidNotLiveToSeeIsToldToTheDiskFirst() {
        LogState log = Core.logOf(new HardState(4, NodeId.NONE), Core.LOG);
        Core core = Core.recovered(new Recovered(log, SNAPSHOT, 10));
        assertThat(core.raft.status().firstIndex()).isEqualTo(11);
        Effects effects = core.receive(append(4, 10, 4, 10, command(11, 4)));
        assertThat(effects.write())
                .isEqualTo(new WriteBatch(
                        1, null, new LogBase(10, 4, true), WriteBatch.KEEP_ALL, List.of(command(11, 4))));
        expectPromise(effects, AppendResponse.matched(ME, A, 4, 11), 1);
        assertThat(effects.applyTo()).isZero();
    }

    @Test
    void aTermThatOnlyASnapshotRemembersIsKnownAgain() {
        LogState log = Core.logOf(new HardState(4, NodeId.NONE), Core.LOG);
        Core core = Core.recovered(new Recovered(log, snapshot(10, 6), 10));
        core.expectRole(RoleName.FOLLOWER, 6);
        assertThat(core.tick().write())
                .isEqualTo(new WriteBatch(
                        1, new HardState(6, NodeId.NONE), new LogBase(10, 6, true), WriteBatch.KEEP_ALL, List.of()));
    }
}
