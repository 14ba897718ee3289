package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.expectMessages;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.expectPromise;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Recovered;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.RepairRequest;
import io.jangada.core.message.RepairResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.Damage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.WriteBatch;
import io.jangada.core.step.WriteBatch.SalvageFate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node whose disk was damaged: entries 1@1 and 2@1 are whole, 3 and 4 are missing, 5@4 and 6@4 are intact, all of term 4. */
class DamagedNodeTest {
    private static final HardState TERM_4 = new HardState(4, NodeId.NONE);
    private static final LogPosition NOWHERE = new LogPosition(0, 0);
    private static final LogPosition END = new LogPosition(6, 4);
    private static final Promised PROMISED = new Promised(END, END);
    private static final Salvage BEHIND = new Salvage(5, 6, List.of(new TermStart(5, 4)), List.of());
    private static final Entry THREE = Entry.command(3, 1, new byte[] {3});
    private static final Entry FOUR = Entry.command(4, 4, new byte[] {4});

    private static LogState log(long last, Promised promised, List<Salvage> salvage) {
        List<TermStart> terms = last == 0 ? List.of() : List.of(new TermStart(1, 1));
        return new LogState(TERM_4, 1, last, 0, terms, List.of(), promised, salvage);
    }

    private static Core withGap() {
        return Core.recovered(new Recovered(log(2, PROMISED, List.of(BEHIND)), 0));
    }

    /** As {@link #withGap()}, and it has asked the others. */
    private static Core asking() {
        Core core = withGap();
        core.tick();
        return core;
    }

    private static Core withoutEnd(Promised promised) {
        Core core = Core.recovered(new Recovered(log(2, promised, List.of()), 0));
        core.tick();
        return core;
    }

    /** Lets the time come to stand, and the times to ask again before. */
    private static void stand(Core core) {
        while (core.raft.status().role() == RoleName.FOLLOWER) {
            core.timeOut();
        }
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
    }

    private static RepairRequest question(NodeId to, long lastIndex, long lastTerm, long toIndex) {
        return new RepairRequest(ME, to, 4, new LogPosition(lastIndex, lastTerm), toIndex, new LogPosition(5, 4), END);
    }

    private static RepairResponse answer(NodeId from, Entry... entries) {
        return new RepairResponse(from, ME, 4, new LogPosition(2, 1), new LogPosition(5, 4), List.of(entries));
    }

    private static WriteBatch written(Effects effects) {
        WriteBatch write = effects.write();
        if (write == null) {
            throw new AssertionError("nothing is written");
        }
        return write;
    }

    @Test
    void asksAllOthersAtOnceAndAdoptsWhatIsBehindTheGapWhenItIsFilled() {
        Core core = withGap();
        assertThat(core.raft.nextDeadline()).isEqualTo(core.now);
        expectMessages(core.tick(), question(A, 2, 1, 4), question(B, 2, 1, 4));
        expectNothing(core.receive(answer(B)));
        Effects part = core.receive(answer(A, THREE));
        assertThat(part.write())
                .isEqualTo(
                        new WriteBatch(1, null, null, WriteBatch.KEEP_ALL, List.of(THREE), PROMISED, SalvageFate.KEEP));
        assertThat(part.messages()).contains(question(A, 3, 1, 4));
        Effects rest =
                core.receive(new RepairResponse(A, ME, 4, new LogPosition(3, 1), new LogPosition(5, 4), List.of(FOUR)));
        assertThat(rest.write())
                .isEqualTo(new WriteBatch(2, null, null, WriteBatch.KEEP_ALL, List.of(FOUR), null, SalvageFate.ADOPT));
        assertThat(core.raft.status().lastIndex()).isEqualTo(6);
        assertThat(core.raft.status().persistedIndex()).isEqualTo(2);
        assertThat(core.raft.status().damage()).isEqualTo(new Damage(0, 0, PROMISED, List.of(), List.of()));
        Effects durable = core.sync();
        assertThat(durable.write())
                .isEqualTo(new WriteBatch(
                        3, null, null, WriteBatch.KEEP_ALL, List.of(), Promised.NOTHING, SalvageFate.KEEP));
        assertThat(core.raft.status().persistedIndex()).isEqualTo(6);
        assertThat(core.raft.status().damage()).isEqualTo(Damage.NONE);
    }

    /** Not contiguous, of falling terms, of a later term than what follows, beyond the gap, an answer to another question: nothing of it is believed. */
    @Test
    void believesNoAnswerThatDoesNotFit() {
        Core core = asking();
        for (RepairResponse wrong : List.of(
                answer(A, FOUR),
                answer(A, THREE, Entry.noOp(5, 4)),
                answer(A, Entry.noOp(3, 5)),
                answer(A, Entry.noOp(3, 4), Entry.noOp(4, 1)),
                answer(A, THREE, FOUR, Entry.noOp(5, 4)),
                new RepairResponse(A, ME, 4, new LogPosition(2, 3), new LogPosition(5, 4), List.of(THREE)),
                new RepairResponse(A, ME, 4, new LogPosition(2, 1), new LogPosition(5, 3), List.of(THREE)))) {
            assertThat(core.receive(wrong).write()).as("%s", wrong).isNull();
        }
        assertThat(core.raft.status().lastIndex()).isEqualTo(2);
        assertThat(core.raft.status().damage().firstMissing()).isEqualTo(3);
        assertThat(core.raft.status().damage().lastMissing()).isEqualTo(4);
    }

    @Test
    void asksAgainAtItsOwnPaceAndAtOnceWhoComesBack() {
        Core core = asking();
        core.receive(answer(A));
        expectNothing(core.after(50));
        assertThat(core.after(50).messages()).containsExactly(question(A, 2, 1, 4));
        Effects back = core.step(new Event.PeerConnected(B));
        assertThat(back.messages()).containsExactly(question(B, 2, 1, 4));
        expectNothing(core.step(new Event.Persisted(0)));
    }

    @Test
    void votesAsIfItHadEverything() {
        Core core = asking();
        expectPromise(core.receive(new VoteRequest(A, ME, 5, 5, 4)), new VoteResponse(ME, A, 5, false), 1);
        expectPromise(core.receive(new VoteRequest(B, ME, 5, 6, 4)), new VoteResponse(ME, B, 5, true), 2);
    }

    @Test
    void votesWithDoubtsWhereItCannotKnow() {
        Core core = withoutEnd(new Promised(NOWHERE, END));
        expectPromise(
                core.receive(new PreVoteRequest(A, ME, 5, 2, 1)), new PreVoteResponse(ME, A, 5, 4, true, true), 0);
        expectPromise(core.receive(new VoteRequest(A, ME, 5, 2, 1)), new VoteResponse(ME, A, 5, true, true), 1);
        // It is the vote of the term all the same.
        expectPromise(core.receive(new VoteRequest(B, ME, 5, 6, 4)), new VoteResponse(ME, B, 5, false), 1);
    }

    /** A power failure may tear the last write anywhere: what is intact of it behind the tear was not acknowledged for certain. */
    @Test
    void whatIsIntactBehindATearIsADoubtOnly() {
        Core core = Core.recovered(new Recovered(log(2, new Promised(NOWHERE, END), List.of(BEHIND)), 0));
        assertThat(core.raft.status().damage().promised()).isEqualTo(new Promised(NOWHERE, END));
        expectMessages(core.tick(), question(A, 2, 1, 4), question(B, 2, 1, 4));
        expectPromise(core.receive(new VoteRequest(A, ME, 5, 2, 1)), new VoteResponse(ME, A, 5, true, true), 1);
    }

    /** It was left without a leader for ever: nobody else could fill the gap. */
    @Test
    void whoDecidesAloneGoesOnWithoutWhatIsBehindATear() {
        Recovered torn = new Recovered(log(2, new Promised(NOWHERE, END), List.of(BEHIND)), 0);
        Core core = Core.recovered(torn, Membership.ofVoters(ME));
        Effects stands = core.tick();
        core.expectRole(RoleName.CANDIDATE, 5);
        assertThat(written(stands).hardState()).isEqualTo(new HardState(5, ME));
        WriteBatch first = written(core.sync());
        core.expectRole(RoleName.LEADER, 5);
        assertThat(first.entries()).containsExactly(Entry.noOp(3, 5));
        assertThat(first.salvage()).isEqualTo(SalvageFate.DROP);
    }

    @Test
    void itsOwnVoteDoesNotCountIfItLacksWhatItPromised() {
        Core core = asking();
        stand(core);
        core.receive(new PreVoteResponse(A, ME, 5, 4, true));
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        core.receive(new PreVoteResponse(B, ME, 5, 4, true));
        core.expectRole(RoleName.CANDIDATE, 5);
        core.sync();
        core.receive(new VoteResponse(A, ME, 5, true));
        core.expectRole(RoleName.CANDIDATE, 5);
        Effects won = core.receive(new VoteResponse(B, ME, 5, true));
        core.expectRole(RoleName.LEADER, 5);
        // The others vouch that nothing behind the gap was ever committed.
        WriteBatch first = written(won);
        assertThat(first.entries()).containsExactly(Entry.noOp(3, 5));
        assertThat(first.salvage()).isEqualTo(SalvageFate.DROP);
        assertThat(first.promised()).isEqualTo(PROMISED);
    }

    @Test
    void aDoubtfulElectionTakesEverybody() {
        Core core = withoutEnd(new Promised(NOWHERE, END));
        stand(core);
        core.receive(new PreVoteResponse(A, ME, 5, 4, true, true));
        core.expectRole(RoleName.PRE_CANDIDATE, 4);
        core.receive(new PreVoteResponse(B, ME, 5, 4, true, true));
        core.expectRole(RoleName.CANDIDATE, 5);
        core.receive(new VoteResponse(A, ME, 5, true, true));
        core.receive(new VoteResponse(B, ME, 5, true));
        core.expectRole(RoleName.CANDIDATE, 5);
        core.sync();
        core.expectRole(RoleName.LEADER, 5);
    }

    /** For an election timeout after the start; then the leader learns what it has to send again. */
    @Test
    void letsWhatDoesNotFitGoByAndThenSaysWhatIsLost() {
        Core core = asking();
        core.receive(new HeartbeatRequest(A, ME, 4, 1, 6));
        AppendRequest probe = new AppendRequest(A, ME, 4, 6, 4, List.of(), 6);
        assertThat(core.receive(probe).promises()).isEmpty();
        core.now += 500 * Core.MS;
        Effects refused = core.receive(probe);
        assertThat(refused.promises())
                .containsExactly(new Effects.Promise(new AppendResponse(ME, A, 4, false, 6, 1, 2, true), 0));
        Effects sent = core.receive(new AppendRequest(A, ME, 4, 2, 1, List.of(THREE), 6));
        assertThat(sent.write())
                .isEqualTo(
                        new WriteBatch(1, null, null, WriteBatch.KEEP_ALL, List.of(THREE), PROMISED, SalvageFate.DROP));
        assertThat(core.raft.status().damage().promised()).isEqualTo(PROMISED);
    }

    /** The leader names what this node once had; what is left is the beginning of that. */
    @Test
    void commitsWhatIsLeftOfWhatItHad() {
        Core core = asking();
        core.receive(new HeartbeatRequest(A, ME, 4, 1, 6));
        assertThat(core.raft.status().commitIndex()).isEqualTo(2);
    }

    @Test
    void answersFromBehindItsGapToo() {
        Core core = asking();
        RepairRequest forFive =
                new RepairRequest(A, ME, 9, new LogPosition(4, 4), 5, new LogPosition(6, 4), new LogPosition(6, 4));
        Effects asked = core.receive(forFive);
        Effects.RepairRead read = new Effects.RepairRead(forFive, 5, 1 << 20);
        assertThat(asked.repairReads()).containsExactly(read);
        // Once at a time for each asker.
        assertThat(core.receive(forFive).repairReads()).isEmpty();
        List<Entry> five = List.of(Entry.noOp(5, 4));
        expectPromise(
                core.step(new Event.ReadForRepair(read, five)),
                new RepairResponse(ME, A, 4, forFive.previous(), forFive.successor(), five),
                0);
        RepairRequest unknown =
                new RepairRequest(A, ME, 4, new LogPosition(1, 1), 3, new LogPosition(4, 3), new LogPosition(4, 3));
        expectPromise(
                core.receive(unknown),
                new RepairResponse(ME, A, 4, unknown.previous(), unknown.successor(), List.of()),
                0);
    }

    /** It may have been cut since, and written again by a leader that never had what this node lost. */
    @Test
    void theEndOfALogIsOnlyGivenToWhomItContinues() {
        Core core = Core.follower();
        RepairRequest other =
                new RepairRequest(A, ME, 4, new LogPosition(2, 3), 3, new LogPosition(3, 4), new LogPosition(3, 4));
        expectPromise(
                core.receive(other), new RepairResponse(ME, A, 4, other.previous(), other.successor(), List.of()), 0);
        RepairRequest same =
                new RepairRequest(A, ME, 4, new LogPosition(2, 1), 3, new LogPosition(3, 4), new LogPosition(3, 4));
        assertThat(core.receive(same).repairReads()).containsExactly(new Effects.RepairRead(same, 3, 1 << 20));
    }

    @Test
    void aLeaderLowersAMatchIndexOnlyForWhomSaysThatItIsLost() {
        Core core = Core.settledLeader();
        expectNothing(core.receive(AppendResponse.refused(A, ME, 5, 4, 1, 2)));
        Effects again = core.receive(new AppendResponse(A, ME, 5, false, 4, 1, 2, true));
        assertThat(again.loads()).containsExactly(new Effects.Load(A, 5, 3, 4, 1 << 20));
        assertThat(core.raft.progress(core.now).get(0).matchIndex()).isEqualTo(2);
        assertThat(core.raft.status().commitIndex()).isEqualTo(4);
    }

    /** The membership in force may lie behind the gap. */
    @Test
    void whatIsBehindTheGapBringsItsMemberships() {
        Membership alone = Membership.ofVoters(ME, A);
        Salvage part = new Salvage(5, 6, List.of(new TermStart(5, 4)), List.of(new MembershipAt(6, alone)));
        Core core = Core.recovered(new Recovered(log(2, Promised.NOTHING, List.of(part)), 0));
        core.tick();
        Effects filled = core.receive(answer(A, THREE, FOUR));
        assertThat(filled.membership()).isEqualTo(new MembershipAt(6, alone));
        assertThat(core.raft.status().membership()).isEqualTo(new MembershipAt(6, alone));
    }

    @Test
    void aStateMachineThatIsAheadOfTheLogIsNotToldLess() {
        Core core = Core.recovered(new Recovered(log(2, PROMISED, List.of(BEHIND)), 6));
        assertThat(core.raft.status().commitIndex()).isEqualTo(2);
        assertThat(core.raft.status().damage().promised()).isEqualTo(PROMISED);
    }

    /** A snapshot covers the gap: the log begins behind it, and what is intact there belongs to it. */
    @Test
    void aSnapshotDissolvesTheGap() {
        Core core = Core.recovered(new Recovered(log(2, PROMISED, List.of(BEHIND)), Core.snapshot(5, 4), 5));
        assertThat(core.raft.status().firstIndex()).isEqualTo(6);
        assertThat(core.raft.status().lastIndex()).isEqualTo(6);
        assertThat(core.tick().write())
                .isEqualTo(new WriteBatch(
                        1,
                        null,
                        new LogBase(5, 4, false),
                        WriteBatch.KEEP_ALL,
                        List.of(),
                        PROMISED,
                        SalvageFate.ADOPT));
        assertThat(core.raft.status().persistedIndex()).isEqualTo(5);
        assertThat(written(core.sync()).promised()).isEqualTo(Promised.NOTHING);
        assertThat(core.raft.status().persistedIndex()).isEqualTo(6);
        Core inGap = Core.recovered(new Recovered(log(2, PROMISED, List.of(BEHIND)), Core.snapshot(3, 1), 3));
        assertThat(written(inGap.tick()))
                .isEqualTo(new WriteBatch(
                        1, null, new LogBase(3, 1, false), WriteBatch.KEEP_ALL, List.of(), PROMISED, SalvageFate.KEEP));
        assertThat(inGap.raft.status().damage().firstMissing()).isEqualTo(4);
    }

    /** The first thing that happens to it is an append: the batch that lets the log begin behind the snapshot has the entries that follow what was adopted. */
    @Test
    void aSnapshotDissolvesTheGapInTheSameBatchAsAnAppend() {
        Core core = Core.recovered(new Recovered(log(2, PROMISED, List.of(BEHIND)), Core.snapshot(5, 4), 5));
        Entry seven = Entry.noOp(7, 4);
        assertThat(written(core.receive(new AppendRequest(A, ME, 4, 6, 4, List.of(seven), 6))))
                .isEqualTo(new WriteBatch(
                        1,
                        null,
                        new LogBase(5, 4, false),
                        WriteBatch.KEEP_ALL,
                        List.of(seven),
                        PROMISED,
                        SalvageFate.ADOPT));
        assertThat(core.raft.status().lastIndex()).isEqualTo(7);
    }

    @Test
    void aSnapshotThatContradictsWhatIsBehindTheGapDropsIt() {
        Core core = Core.recovered(new Recovered(log(2, PROMISED, List.of(BEHIND)), Core.snapshot(5, 3), 5));
        WriteBatch first = written(core.tick());
        assertThat(first.base()).isEqualTo(new LogBase(5, 3, true));
        assertThat(first.salvage()).isEqualTo(SalvageFate.DROP);
        assertThat(first.promised()).isEqualTo(PROMISED);
        assertThat(core.raft.status().lastIndex()).isEqualTo(5);
    }

    /** The log 11..12 of term 4 is whole, but the snapshot before it is gone. */
    @Test
    void aLogWithoutItsBeginningWaitsForASnapshotAndPromisesWhatItHad() {
        LogState log = new LogState(TERM_4, 11, 12, 3, List.of(new TermStart(11, 4)), List.of());
        Core core = Core.recovered(new Recovered(log, 0));
        assertThat(core.raft.status().lastIndex()).isZero();
        assertThat(core.raft.status().damage().promised().certain()).isEqualTo(new LogPosition(12, 4));
        expectNothing(core.tick());
        expectPromise(core.receive(new VoteRequest(A, ME, 5, 11, 4)), new VoteResponse(ME, A, 5, false), 1);
        // A leader that still has everything sends it, and then the disk begins anew.
        Entry one = Entry.noOp(1, 1);
        WriteBatch first = written(core.receive(new AppendRequest(A, ME, 5, 0, 0, List.of(one), 0)));
        assertThat(first.base()).isEqualTo(new LogBase(0, 0, true));
        assertThat(first.entries()).containsExactly(one);
        assertThat(first.salvage()).isEqualTo(SalvageFate.DROP);
        assertThat(first.promised()).isEqualTo(core.raft.status().damage().promised());
    }

    /** What it knew of members came from the entries that it gave up: it went by a membership of entry 12 that the log up to entry 1 does not have. */
    @Test
    void aLogThatBeginsAnewGoesByTheMembersThatItBeginsWith() {
        Membership first = Membership.ofVoters(ME, A, B);
        Membership later = Membership.ofVoters(ME, A, NodeId.of(9));
        LogState log =
                new LogState(TERM_4, 11, 12, 3, List.of(new TermStart(11, 4)), List.of(new MembershipAt(12, later)));
        Core core = Core.recovered(new Recovered(log, 0));
        assertThat(core.raft.status().membership()).isEqualTo(new MembershipAt(0, later));
        Effects begun = core.receive(new AppendRequest(A, ME, 5, 0, 0, List.of(Entry.noOp(1, 1)), 0));
        assertThat(begun.membership()).isEqualTo(new MembershipAt(0, first));
        assertThat(core.raft.status().membership()).isEqualTo(new MembershipAt(0, first));
    }

    /** A snapshot that is older than the log's beginning has its own members. */
    @Test
    void aLogThatBeginsAnewBehindAnOldSnapshotGoesByTheMembersOfThat() {
        Membership later = Membership.ofVoters(ME, A, NodeId.of(9));
        LogState log =
                new LogState(TERM_4, 11, 12, 3, List.of(new TermStart(11, 4)), List.of(new MembershipAt(12, later)));
        SnapshotMeta old = Core.snapshot(5, 1);
        Core core = Core.recovered(new Recovered(log, old, 5));
        assertThat(core.raft.status().membership()).isEqualTo(new MembershipAt(5, later));
        core.receive(new AppendRequest(A, ME, 5, 5, 1, List.of(Entry.noOp(6, 1)), 0));
        assertThat(core.raft.status().membership()).isEqualTo(old.membership());
    }
}
