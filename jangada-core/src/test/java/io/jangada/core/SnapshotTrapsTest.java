package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.B;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectNothing;
import static io.jangada.core.Core.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Recovered;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test, or some, for each trap of docs/traps.md that has to do with snapshots and compaction. */
class SnapshotTrapsTest {
    private static final SnapshotLimits KEEP_NOTHING = new SnapshotLimits(0, 64, 1 << 20);

    private static SnapshotRequest last(long term, SnapshotMeta snapshot) {
        return new SnapshotRequest(A, ME, term, snapshot, snapshot.sizeBytes(), new byte[0]);
    }

    private static Effects complete(Core core, SnapshotMeta snapshot) {
        return core.step(new Event.ChunkStaged(last(4, snapshot), SnapshotOutcome.INSTALLED, snapshot.sizeBytes()));
    }

    /** A group of three whose third node was away when entries were committed and forgotten by the others. */
    private static CoreGroup behind(int entries) {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT, KEEP_NOTHING);
        CoreNode leader = group.elect(1);
        group.crash(group.node(3), 0);
        for (int i = 0; i < entries; i++) {
            group.propose(leader);
        }
        group.settle();
        group.takeSnapshot(leader);
        group.settle();
        return group;
    }

    private static void expectAllEqual(CoreGroup group) {
        assertThat(group.all()).allSatisfy(node -> {
            assertThat(node.appliedTo).isEqualTo(group.committed.size());
            assertThat(node.state()).isEqualTo(group.node(1).state());
        });
        group.checkLogs();
    }

    @Test
    void trap20AnUncommittedMembershipThatASnapshotCoversIsForgotten() {
        Core core = Core.following();
        MembershipAt present = core.raft.status().membership();
        Membership uncommitted = Membership.ofVoters(ME, A, B, NodeId.of(4), NodeId.of(5));
        core.receive(append(4, 3, 4, 0, Entry.membership(4, 4, uncommitted)));
        assertThat(core.raft.status().membership()).isEqualTo(new MembershipAt(4, uncommitted));
        Effects effects = complete(core, snapshot(10, 4));
        assertThat(effects.membership()).isEqualTo(present);
        assertThat(core.raft.status().membership()).isEqualTo(present);
    }

    @Test
    void trap20AMembershipOfALogThatARecoveredSnapshotReplacesIsForgotten() {
        MembershipAt uncommitted = new MembershipAt(4, Membership.ofVoters(ME, A, NodeId.of(4)));
        LogState log = new LogState(
                new HardState(4, NodeId.NONE), 1, 9, 0, List.of(new TermStart(1, 1)), List.of(uncommitted));
        SnapshotMeta snapshot = snapshot(3, 2);
        Core core = Core.recovered(new Recovered(log, snapshot, 3));
        assertThat(core.raft.status().membership()).isEqualTo(snapshot.membership());
    }

    /** The store has the snapshot before the log knows of it; whichever batches reach the disk, what is there loads. */
    @Test
    void trap21ACrashAtAnyPointBetweenSnapshotAndLogLeavesWhatLoads() {
        for (int survive = 0; survive < 3; survive++) {
            CoreGroup group = behind(20);
            CoreNode away = group.node(3);
            group.restart(away, 3);
            while (away.installs == 0) {
                group.nowNanos += CoreGroup.MILLISECOND;
                step(group, away);
            }
            group.crash(away, survive);
            group.restart(away, 4);
            assertThat(away.status().commitIndex()).isGreaterThanOrEqualTo(20);
            group.pass(2_000);
            expectAllEqual(group);
        }
    }

    private static void step(CoreGroup group, CoreNode unsynced) {
        for (CoreNode node : group.all()) {
            if (node.raft().nextDeadline() - group.nowNanos <= 0) {
                group.tick(node);
            }
            if (node != unsynced && node.hasUnsynced()) {
                group.sync(node, 9);
            }
            if (!node.loads.isEmpty()) {
                group.load(node);
            }
            while (node.hasPieces()) {
                group.piece(node);
            }
        }
        for (int left = group.network.size(); left > 0; left--) {
            group.deliver(0);
        }
    }

    @Test
    void trap22EntriesOnTheirWayThatASnapshotReplacesDoNotCountWhenTheyArrive() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 0, command(4, 4), command(5, 4), command(6, 4)));
        core.receive(new HeartbeatRequest(B, ME, 5, 1, 0));
        SnapshotMeta snapshot = snapshot(5, 5);
        core.step(new Event.ChunkStaged(last(5, snapshot), SnapshotOutcome.INSTALLED, 100));
        core.receive(new AppendRequest(B, ME, 5, 5, 5, List.of(command(6, 5)), 6));
        // Batch 1 arrives: entry 6 of term 4, which is not in the log any more.
        Effects effects = core.step(new Event.Persisted(1));
        assertThat(core.raft.status().persistedIndex()).isEqualTo(5);
        assertThat(effects.applyTo()).isZero();
        assertThat(core.sync().applyTo()).isEqualTo(6);
    }

    @Test
    void trap23ALeaderThatHasForgottenEverythingStillBringsAnUnknownFollowerUp() {
        LogState nothing = new LogState(new HardState(4, NodeId.NONE), 11, 10, 4, List.of(), List.of());
        Core core = Core.leader(new Recovered(nothing, snapshot(10, 4), 10));
        // The probe at its own beginning is refused by a follower that has nothing, or less.
        Effects empty = core.receive(AppendResponse.refused(B, ME, 5, 10, 0, 0));
        assertThat(empty.messages()).containsExactly(new SnapshotRequest(ME, B, 5, snapshot(10, 4), 0, new byte[0]));
        Effects less = core.receive(AppendResponse.refused(A, ME, 5, 10, 3, 7));
        assertThat(less.messages()).containsExactly(new SnapshotRequest(ME, A, 5, snapshot(10, 4), 0, new byte[0]));
    }

    @Test
    void trap23AWholeGroupThatHasForgottenEverythingServes() {
        CoreGroup group = behind(20);
        group.takeSnapshot(group.node(2));
        group.settle();
        group.crash(group.node(1), 9);
        group.restart(group.node(1), 7);
        group.restart(group.node(3), 8);
        group.pass(4_000);
        CoreNode leader = group.all().stream()
                .filter(node -> node.status().leads())
                .findFirst()
                .orElseThrow();
        group.propose(leader);
        group.pass(200);
        expectAllEqual(group);
    }

    @Test
    void trap24ASnapshotUpToTheLeadersLastEntryLeadsToReplication() {
        CoreGroup group = behind(20);
        CoreNode leader = group.node(1);
        assertThat(leader.status().firstIndex()).isEqualTo(leader.status().lastIndex() + 1);
        group.restart(group.node(3), 3);
        group.pass(300);
        assertThat(leader.raft().progress(group.nowNanos)).allSatisfy(progress -> {
            assertThat(progress.state()).isEqualTo(PeerProgress.State.REPLICATE);
            assertThat(progress.matchIndex()).isEqualTo(leader.status().lastIndex());
        });
        expectAllEqual(group);
    }

    @Test
    void trap24TwoSnapshotsCloseTogether() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 3));
        core.step(new Event.SnapshotTaken(snapshot(2, 1)));
        core.step(new Event.SnapshotTaken(snapshot(3, 4)));
        assertThat(core.raft.status().firstIndex()).isEqualTo(3);
        complete(core, snapshot(10, 4));
        complete(core, snapshot(11, 4));
        expectNothing(core.step(new Event.SnapshotTaken(snapshot(3, 4))));
        assertThat(core.raft.status().firstIndex()).isEqualTo(12);
        assertThat(core.raft.status().snapshotIndex()).isEqualTo(11);
    }

    /** Each snapshot that is taken compacts by itself: none depends on an earlier one having been heard of. */
    @Test
    void trap25ASnapshotThatWasNeverTakenHoldsUpNoCompaction() {
        CoreGroup group = new CoreGroup(1, Limits.DEFAULT, new SnapshotLimits(5, 64, 1 << 20));
        CoreNode alone = group.node(1);
        group.pass(2_000);
        for (int round = 0; round < 20; round++) {
            group.propose(alone);
            group.settle();
            if (round % 7 == 6) {
                group.takeSnapshot(alone);
                assertThat(alone.status().firstIndex()).isEqualTo(alone.appliedTo - 5 + 1);
            }
        }
    }

    @Test
    void trap25ASnapshotThatContradictsWhatIsCommittedIsRefused() {
        Core core = Core.following();
        core.receive(append(4, 3, 4, 3));
        for (SnapshotMeta wrong : List.of(snapshot(3, 3), snapshot(2, 4), snapshot(9, 3))) {
            Effects asked = core.receive(last(4, wrong));
            assertThat(asked.stageChunks()).isEmpty();
            assertThat(asked.promises())
                    .extracting(Effects.Promise::message)
                    .containsExactly(new SnapshotResponse(
                            ME, A, 4, wrong.index(), wrong.fingerprint(), SnapshotOutcome.REJECTED, 0));
            Effects complete = complete(core, wrong);
            assertThat(complete.install()).isNull();
            assertThat(complete.write()).isNull();
        }
        assertThat(core.raft.status().lastIndex()).isEqualTo(3);
        assertThat(core.raft.status().snapshotIndex()).isZero();
    }

    /** However long the store takes, nothing in the core waits for it. */
    @Test
    void trap26HeartbeatsGoOnWhileASnapshotIsReadAndStored() {
        CoreGroup group = behind(20);
        CoreNode away = group.node(3);
        group.restart(away, 3);
        long term = group.node(1).status().term();
        for (int passed = 0; passed < 3_000; passed++) {
            group.nowNanos += CoreGroup.MILLISECOND;
            for (CoreNode node : group.all()) {
                if (node.raft().nextDeadline() - group.nowNanos <= 0) {
                    group.tick(node);
                }
                group.sync(node, 9);
            }
            while (!group.network.isEmpty()) {
                group.deliver(0);
            }
        }
        assertThat(group.node(1).status().leads()).isTrue();
        assertThat(away.status().term()).isEqualTo(term);
        assertThat(away.status().role()).isEqualTo(RoleName.FOLLOWER);
        group.pass(1_000);
        expectAllEqual(group);
    }

    @Test
    void trap27ReadsAndProposalsThatWaitSurviveACompaction() {
        Core core = Core.settledLeader();
        core.read(7);
        core.propose(8);
        assertThat(core.step(new Event.SnapshotTaken(snapshot(4, 5))).refused()).isEmpty();
        assertThat(core.receive(new HeartbeatResponse(A, ME, 5, 1, 4)).readReady())
                .containsExactly(new Effects.ReadReady(7, 4));
        core.sync();
        assertThat(core.receive(AppendResponse.matched(A, ME, 5, 5)).applyTo()).isEqualTo(5);
        assertThat(core.propose(9).appended()).containsExactly(new Effects.Appended(9, 6, 5));
    }

    @Test
    void trap27OnlyWhatMayBeAppliedIsForgotten() {
        Core core = Core.settledLeader();
        core.propose(7);
        core.receive(AppendResponse.matched(A, ME, 5, 5));
        core.receive(AppendResponse.matched(B, ME, 5, 5));
        // Committed by the others, and not on the own disk: nothing of it can be in a state.
        core.step(new Event.SnapshotTaken(snapshot(4, 5)));
        assertThat(core.raft.status().firstIndex()).isEqualTo(4);
        assertThat(core.sync().applyTo()).isEqualTo(5);
    }

    /** What etcd-io/raft calls slow_follower_after_compaction. */
    @Test
    void aSlowFollowerCatchesUpWithASnapshotAndWhatFollows() {
        CoreGroup group = behind(20);
        CoreNode leader = group.node(1);
        group.restart(group.node(3), 3);
        for (int i = 0; i < 10; i++) {
            group.propose(leader);
            group.pass(10);
        }
        group.pass(300);
        assertThat(group.node(3).installs).isEqualTo(1);
        expectAllEqual(group);
        assertThat(group.delivered(SnapshotRequest.class)).isGreaterThan(4);
    }

    @Test
    void aTransferThatIsCutAgainAndAgainResumes() {
        CoreGroup group = behind(40);
        CoreNode away = group.node(3);
        group.restart(away, 3);
        int[] seen = {0};
        // Every third piece gets lost.
        group.lost = message -> message instanceof SnapshotRequest && ++seen[0] % 3 == 0;
        group.pass(15_000);
        assertThat(away.installs).isEqualTo(1);
        expectAllEqual(group);
        // 41 entries are 11 pieces: hardly any went twice.
        assertThat(group.delivered.stream()
                        .filter(message -> message instanceof SnapshotRequest request && request.chunk().length > 0))
                .hasSizeBetween(11, 13);
    }
}
