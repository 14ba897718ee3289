package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectMessages;
import static io.jangada.core.Core.expectNothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Recovered;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A leader, of term 5, that has forgotten its entries up to 10@3; it still has 11@4 12@4, and 13@5 is its own first. */
class LeaderSnapshotTest {
    private static final SnapshotMeta SNAPSHOT = Core.snapshot(10, 3);
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] PIECE = new byte[64];

    private static Core leader() {
        LogState log = new LogState(new HardState(4, NodeId.NONE), 11, 12, 3, List.of(new TermStart(11, 4)), List.of());
        Core core = Core.leader(new Recovered(log, SNAPSHOT, 10));
        core.sync();
        core.receive(AppendResponse.matched(A, ME, 5, 13));
        assertThat(core.raft.status().commitIndex()).isEqualTo(13);
        return core;
    }

    /** What B says that has nothing, and what is said to it. */
    private static Effects refuse(Core core) {
        return core.receive(AppendResponse.refused(B, ME, 5, 12, 0, 0));
    }

    private static Core asking() {
        Core core = leader();
        refuse(core);
        return core;
    }

    private static SnapshotRequest request(SnapshotMeta snapshot, long offset, byte[] piece) {
        return new SnapshotRequest(ME, B, 5, snapshot, offset, piece);
    }

    private static SnapshotResponse answer(SnapshotOutcome outcome, long nextOffset) {
        return new SnapshotResponse(B, ME, 5, 10, SNAPSHOT.fingerprint(), outcome, nextOffset);
    }

    private static SnapshotResponse wantsMore(long nextOffset) {
        return answer(SnapshotOutcome.WANTS_MORE, nextOffset);
    }

    private static Effects.ReadChunk read(long offset) {
        return new Effects.ReadChunk(B, 5, SNAPSHOT, offset, 64);
    }

    private static Effects give(Core core, long offset, byte[] piece) {
        return core.step(new Event.ChunkRead(read(offset), piece));
    }

    private static PeerProgress.State stateOfB(Core core) {
        return core.raft.progress(core.now).stream()
                .filter(progress -> progress.node().equals(B))
                .findFirst()
                .orElseThrow()
                .state();
    }

    /** Lets so much time pass, heartbeat by heartbeat, in which A keeps answering; gives the snapshot requests that were sent. */
    private static List<SnapshotRequest> waits(Core core, long milliseconds) {
        List<SnapshotRequest> sent = new ArrayList<>();
        long end = core.now + milliseconds * Core.MS;
        while (core.raft.nextDeadline() - end <= 0) {
            core.now = Math.max(core.now, core.raft.nextDeadline());
            for (Message message : core.tick().messages()) {
                if (message instanceof SnapshotRequest request) {
                    sent.add(request);
                } else if (message instanceof HeartbeatRequest beat && beat.to().equals(A)) {
                    core.receive(new HeartbeatResponse(A, ME, 5, beat.round(), 13));
                }
            }
        }
        core.now = end;
        return sent;
    }

    @Test
    void aFollowerWhoseEntriesAreGoneIsAskedHowMuchOfTheSnapshotItHas() {
        Core core = leader();
        expectMessages(refuse(core), request(SNAPSHOT, 0, NOTHING));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.SNAPSHOT);
        expectNothing(refuse(core));
    }

    @Test
    void piecesFollowOneByOneAndTheLineRestsInBetween() {
        Core core = asking();
        Effects begins = core.receive(wantsMore(0));
        assertThat(begins.readChunks()).containsExactly(read(0));
        assertThat(begins.messages()).isEmpty();
        expectMessages(give(core, 0, PIECE), request(SNAPSHOT, 0, PIECE));
        expectNothing(core.receive(wantsMore(64)));
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now + 10 * Core.MS);
        expectNothing(core.after(9));
        assertThat(core.after(1).readChunks()).containsExactly(read(64));
        byte[] rest = new byte[36];
        expectMessages(give(core, 64, rest), request(SNAPSHOT, 64, rest));
        Effects installed = core.receive(answer(SnapshotOutcome.INSTALLED, 100));
        Effects.Load load = new Effects.Load(B, 5, 11, 13, 1 << 20);
        assertThat(installed.loads()).containsExactly(load);
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.REPLICATE);
        List<Entry> entries = List.of(command(11, 4), command(12, 4), Entry.noOp(13, 5));
        expectMessages(core.step(new Event.Loaded(load, entries)), new AppendRequest(ME, B, 5, 10, 3, entries, 13));
    }

    @Test
    void anAnswerThatComesAfterTheLineHasRestedIsFollowedAtOnce() {
        Core core = asking();
        core.receive(wantsMore(0));
        give(core, 0, PIECE);
        core.now += 10 * Core.MS;
        assertThat(core.receive(wantsMore(64)).readChunks()).containsExactly(read(64));
    }

    @Test
    void heartbeatsGoOnMeanwhileAndAppendsDoNot() {
        Core core = asking();
        core.receive(wantsMore(0));
        assertThat(core.propose(7).messages()).noneMatch(message -> message.to().equals(B));
        expectMessages(core.after(50), new HeartbeatRequest(ME, A, 5, 1, 13), new HeartbeatRequest(ME, B, 5, 1, 0));
    }

    @Test
    void aPieceOrAnswerThatIsLostLeadsToTheQuestionAfterAnElectionTimeout() {
        Core core = asking();
        core.receive(wantsMore(0));
        give(core, 0, PIECE);
        assertThat(waits(core, 499)).isEmpty();
        assertThat(waits(core, 60)).containsExactly(request(SNAPSHOT, 0, NOTHING));
        // The piece had arrived: the transfer goes on behind it.
        assertThat(core.receive(wantsMore(64)).readChunks()).containsExactly(read(64));
    }

    @Test
    void aNewConnectionAsksAndResumes() {
        Core core = asking();
        core.receive(wantsMore(0));
        give(core, 0, PIECE);
        expectMessages(core.step(new Event.PeerConnected(B)), request(SNAPSHOT, 0, NOTHING));
        core.now += 10 * Core.MS;
        assertThat(core.receive(wantsMore(64)).readChunks()).containsExactly(read(64));
        // The follower has lost what it had: from the beginning.
        core.step(new Event.PeerConnected(B));
        assertThat(core.receive(wantsMore(0)).readChunks()).containsExactly(read(0));
    }

    @Test
    void whatWasReadForAnOlderQuestionIsNotSentTwice() {
        Core core = asking();
        core.receive(wantsMore(0));
        core.step(new Event.PeerConnected(B));
        expectNothing(give(core, 0, PIECE));
        core.receive(wantsMore(0));
        expectMessages(give(core, 0, PIECE), request(SNAPSHOT, 0, PIECE));
        expectNothing(give(core, 0, PIECE));
    }

    @Test
    void answersThatLeadBackOrNowhereAreIgnored() {
        Core core = asking();
        core.receive(wantsMore(0));
        expectNothing(core.receive(wantsMore(0)));
        give(core, 0, PIECE);
        expectNothing(core.receive(wantsMore(0)));
        expectNothing(core.receive(wantsMore(101)));
        expectNothing(core.receive(wantsMore(-1)));
        expectNothing(core.receive(new SnapshotResponse(B, ME, 5, 10, 77, SnapshotOutcome.WANTS_MORE, 64)));
        expectNothing(core.receive(new SnapshotResponse(B, ME, 5, 9, 77, SnapshotOutcome.NOT_NEEDED, 0)));
        expectNothing(core.receive(new SnapshotResponse(B, ME, 5, 400, 77, SnapshotOutcome.INSTALLED, 0)));
        expectNothing(core.receive(new SnapshotResponse(A, ME, 5, 10, 77, SnapshotOutcome.WANTS_MORE, 64)));
    }

    @Test
    void whatIsAllThereButNotLookedAtIsFollowedByAnEmptyPieceAtTheEnd() {
        Core core = asking();
        expectMessages(core.receive(wantsMore(100)), request(SNAPSHOT, 100, NOTHING));
    }

    @Test
    void aRefusedSnapshotIsOfferedAgainAfterAnElectionTimeout() {
        Core core = asking();
        expectNothing(core.receive(answer(SnapshotOutcome.REJECTED, 0)));
        expectNothing(core.step(new Event.PeerConnected(B)));
        assertThat(waits(core, 499)).isEmpty();
        assertThat(waits(core, 1)).containsExactly(request(SNAPSHOT, 0, NOTHING));
    }

    @Test
    void aSnapshotThatIsGoneIsFollowedByTheNewest() {
        Core core = asking();
        core.receive(wantsMore(0));
        SnapshotMeta newer = Core.snapshot(13, 5);
        core.step(new Event.SnapshotTaken(newer));
        expectMessages(give(core, 0, NOTHING), request(newer, 0, NOTHING));
    }

    @Test
    void aSnapshotThatCannotBeReadIsTriedAgainLater() {
        Core core = asking();
        core.receive(wantsMore(0));
        expectNothing(give(core, 0, NOTHING));
        assertThat(waits(core, 499)).isEmpty();
        assertThat(waits(core, 1)).containsExactly(request(SNAPSHOT, 0, NOTHING));
    }

    @Test
    void aTransferThatHasBegunIsFinishedUnlessItLeadsNowhere() {
        Core core = asking();
        core.receive(wantsMore(64));
        core.step(new Event.SnapshotTaken(Core.snapshot(11, 4)));
        // What follows the old one is still in the log.
        expectMessages(core.step(new Event.PeerConnected(B)), request(SNAPSHOT, 0, NOTHING));
        core.receive(wantsMore(64));
        SnapshotMeta newest = Core.snapshot(13, 5);
        core.step(new Event.SnapshotTaken(newest));
        expectMessages(core.step(new Event.PeerConnected(B)), request(newest, 0, NOTHING));
    }

    @Test
    void aTransferThatHasNotBegunIsOneOfTheNewest() {
        Core core = asking();
        SnapshotMeta newer = Core.snapshot(11, 4);
        core.step(new Event.SnapshotTaken(newer));
        expectMessages(core.step(new Event.PeerConnected(B)), request(newer, 0, NOTHING));
    }

    @Test
    void aFollowerThatHasCommittedAsMuchIsProbedFromThere() {
        Core core = asking();
        Effects effects = core.receive(answer(SnapshotOutcome.NOT_NEEDED, 0));
        Effects.Load load = new Effects.Load(B, 5, 11, 13, 1 << 20);
        assertThat(effects.loads()).containsExactly(load);
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.PROBE);
        assertThat(core.raft.status().commitIndex()).isEqualTo(13);
    }

    /** What etcd-io/raft calls snapshot_succeed_via_app_resp: the follower got there in another way. */
    @Test
    void anAnswerToAnAppendThatReachesTheLogEndsTheSnapshot() {
        Core core = asking();
        assertThat(core.receive(AppendResponse.matched(B, ME, 5, 9)).loads()).isEmpty();
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.SNAPSHOT);
        assertThat(core.receive(AppendResponse.matched(B, ME, 5, 10)).loads())
                .containsExactly(new Effects.Load(B, 5, 11, 13, 1 << 20));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.REPLICATE);
        expectNothing(core.receive(wantsMore(0)));
    }

    /** What etcd-io/raft calls snapshot_succeed_via_app_resp_behind: an older one than what is on its way is enough. */
    @Test
    void anOlderSnapshotThatReachesTheLogEndsTheTransferOfANewerOne() {
        Core core = asking();
        SnapshotMeta newer = Core.snapshot(11, 4);
        core.step(new Event.SnapshotTaken(newer));
        expectMessages(core.step(new Event.PeerConnected(B)), request(newer, 0, NOTHING));
        Effects effects = core.receive(answer(SnapshotOutcome.INSTALLED, 100));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.REPLICATE);
        assertThat(effects.loads()).containsExactly(new Effects.Load(B, 5, 11, 13, 1 << 20));
    }

    @Test
    void aSnapshotThatNoLongerReachesTheLogIsFollowedByAnother() {
        Core core = asking();
        core.receive(wantsMore(64));
        SnapshotMeta newer = Core.snapshot(13, 5);
        core.step(new Event.SnapshotTaken(newer));
        expectMessages(core.receive(answer(SnapshotOutcome.INSTALLED, 100)), request(newer, 0, NOTHING));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.SNAPSHOT);
    }

    @Test
    void aSnapshotOfItsOwnCompactsTheLogButForWhatTrails() {
        Core core = leader();
        Effects effects = core.step(new Event.SnapshotTaken(Core.snapshot(12, 4)));
        assertThat(effects.write())
                .isEqualTo(new WriteBatch(3, null, new LogBase(11, 4, false), WriteBatch.KEEP_ALL, List.of()));
        assertThat(effects.promises()).isEmpty();
        assertThat(core.raft.status().firstIndex()).isEqualTo(12);
        assertThat(core.raft.status().snapshotIndex()).isEqualTo(12);
    }

    @Test
    void entriesThatAreForgottenWhileTheyAreReadAreNotSent() {
        Core core = leader();
        Effects.Load load = new Effects.Load(B, 5, 12, 13, 1 << 20);
        assertThat(core.receive(AppendResponse.refused(B, ME, 5, 12, 4, 11)).loads())
                .containsExactly(load);
        SnapshotMeta newer = Core.snapshot(13, 5);
        core.step(new Event.SnapshotTaken(newer));
        List<Entry> entries = List.of(command(12, 4), Entry.noOp(13, 5));
        expectMessages(core.step(new Event.Loaded(load, entries)), request(newer, 0, NOTHING));
    }

    @Test
    void aProbeThatIsNotAnsweredBecomesASnapshotWhenItsEntriesAreForgotten() {
        Core core = leader();
        core.step(new Event.Loaded(
                core.receive(AppendResponse.refused(B, ME, 5, 12, 3, 10))
                        .loads()
                        .get(0),
                List.of(command(11, 4), command(12, 4), Entry.noOp(13, 5))));
        SnapshotMeta newer = Core.snapshot(13, 5);
        core.step(new Event.SnapshotTaken(newer));
        assertThat(core.after(50).messages()).contains(request(newer, 0, NOTHING));
    }

    private static final SnapshotMeta SMALL = Core.snapshot(29, 1, 10);

    /** It still has all of 1 to 31, and a small snapshot of 29; entries weigh 32 bytes, a window of appends 200. */
    private static Core leaderThatHasForgottenNothing() {
        LogState log = new LogState(
                new HardState(4, NodeId.NONE), 1, 30, 0, List.of(new TermStart(1, 1), new TermStart(30, 4)), List.of());
        Core core = Core.leader(new Recovered(log, SMALL, 29), new Limits(64, 100, 3, 200, 10_000, 150, 20));
        core.sync();
        return core;
    }

    @Test
    void aSnapshotIsSentInPlaceOfEntriesThatWouldBeDearer() {
        Core core = leaderThatHasForgottenNothing();
        expectMessages(core.receive(AppendResponse.refused(B, ME, 5, 30, 1, 5)), request(SMALL, 0, NOTHING));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.SNAPSHOT);
        // It turns out that most of them are there.
        assertThat(core.receive(AppendResponse.matched(B, ME, 5, 25)).loads())
                .containsExactly(new Effects.Load(B, 5, 26, 31, 100));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.REPLICATE);
    }

    @Test
    void entriesThatFitIntoAWindowAreNotReplaced() {
        Core core = leaderThatHasForgottenNothing();
        assertThat(core.receive(AppendResponse.refused(B, ME, 5, 30, 1, 25)).loads())
                .containsExactly(new Effects.Load(B, 5, 26, 31, 100));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.PROBE);
    }

    @Test
    void aRefusedSnapshotIsReplacedByEntriesWhileTheyAreThere() {
        Core core = leaderThatHasForgottenNothing();
        core.receive(AppendResponse.refused(B, ME, 5, 30, 1, 5));
        SnapshotResponse refused = new SnapshotResponse(B, ME, 5, 29, SMALL.fingerprint(), SnapshotOutcome.REJECTED, 0);
        assertThat(core.receive(refused).loads()).containsExactly(new Effects.Load(B, 5, 6, 31, 100));
        assertThat(stateOfB(core)).isEqualTo(PeerProgress.State.PROBE);
    }
}
