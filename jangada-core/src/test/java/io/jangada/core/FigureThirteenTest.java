package io.jangada.core;

import static io.jangada.core.Core.A;
import static io.jangada.core.Core.ME;
import static io.jangada.core.Core.append;
import static io.jangada.core.Core.command;
import static io.jangada.core.Core.expectPromise;
import static io.jangada.core.Core.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.message.SnapshotResponse;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import io.jangada.core.step.Refusal;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Figure 13 of the Raft paper (InstallSnapshot), sentence by sentence. The display names are paraphrases; docs/paper-map.md maps each to the code. */
class FigureThirteenTest {
    private static final SnapshotMeta SNAPSHOT = snapshot(10, 4);
    private static final SnapshotRequest FIRST = new SnapshotRequest(A, ME, 4, SNAPSHOT, 0, new byte[64]);
    private static final SnapshotRequest LAST = new SnapshotRequest(A, ME, 4, SNAPSHOT, 64, new byte[36]);

    private static SnapshotResponse answer(SnapshotOutcome outcome, long nextOffset) {
        return new SnapshotResponse(ME, A, 4, 10, SNAPSHOT.fingerprint(), outcome, nextOffset);
    }

    private static Effects complete(Core core) {
        return core.step(new Event.ChunkStaged(LAST, SnapshotOutcome.INSTALLED, 100));
    }

    /** Two of three nodes have committed and forgotten entries; the third has none of them. Each entry is 16 bytes of state, a piece 64. */
    private static CoreGroup behind() {
        CoreGroup group = new CoreGroup(3, Limits.DEFAULT, new SnapshotLimits(0, 64, 1 << 20));
        CoreNode leader = group.elect(1);
        group.lost = message -> message.to().equals(NodeId.of(3));
        for (int i = 0; i < 20; i++) {
            group.propose(leader);
        }
        group.settle();
        group.takeSnapshot(leader);
        group.settle();
        group.lost = message -> false;
        return group;
    }

    private static List<SnapshotRequest> requests(CoreGroup group) {
        List<SnapshotRequest> requests = new ArrayList<>();
        group.delivered.forEach(message -> {
            if (message instanceof SnapshotRequest request) {
                requests.add(request);
            }
        });
        return requests;
    }

    @Test
    @DisplayName("Called by the leader to send pieces of a snapshot to a follower, in order")
    void theLeaderSendsPiecesInOrder() {
        CoreGroup group = behind();
        group.pass(200);
        List<SnapshotRequest> requests = requests(group);
        assertThat(requests).hasSizeGreaterThan(5);
        long next = 0;
        for (SnapshotRequest request : requests) {
            assertThat(request.offset()).isEqualTo(next);
            next += request.chunk().length;
        }
        assertThat(requests.get(requests.size() - 1).last()).isTrue();
        assertThat(group.node(3).state()).isEqualTo(group.node(1).state());
    }

    @Test
    @DisplayName("Argument: the leader's term. Result: the receiver's term, for the leader to update itself")
    void theTermInTheAnswerEndsAnOldLeadership() {
        Core core = Core.leader();
        core.receive(new SnapshotResponse(A, ME, 6, 10, 1, SnapshotOutcome.REJECTED, 0));
        core.expectRole(RoleName.FOLLOWER, 6);
    }

    @Test
    @DisplayName("Argument: the leader's identity, so that the follower can redirect clients")
    void theFollowerLearnsItsLeader() {
        Core core = Core.follower();
        assertThat(core.read(7).refused()).containsExactly(new Effects.Refused(7, Refusal.NOT_LEADER, NodeId.NONE));
        core.receive(FIRST);
        assertThat(core.raft.status().leader()).isEqualTo(A);
    }

    @Test
    @DisplayName(
            "Arguments: the snapshot replaces all entries up to and including its last index; and that entry's term")
    void lastIncludedIndexAndTermBecomeTheBaseOfTheLog() {
        Core core = Core.following();
        complete(core);
        assertThat(core.raft.status().firstIndex()).isEqualTo(11);
        Effects fits = core.receive(append(4, 10, 4, 10, command(11, 4)));
        assertThat(fits.promises()).hasSize(1);
        assertThat(core.raft.status().lastIndex()).isEqualTo(11);
    }

    @Test
    @DisplayName("Arguments: the offset of the piece, its bytes, and whether it is the last")
    void piecesNameTheirPlace() {
        assertThat(FIRST.offset()).isZero();
        assertThat(FIRST.last()).isFalse();
        assertThat(LAST.offset()).isEqualTo(64);
        assertThat(LAST.last()).isTrue();
    }

    @Test
    @DisplayName("Receiver 1: answer at once if the term is lower")
    void aLowerTermIsAnsweredAtOnce() {
        Effects effects = Core.following().receive(new SnapshotRequest(A, ME, 3, snapshot(10, 3), 0, new byte[64]));
        assertThat(effects.stageChunks()).isEmpty();
        assertThat(effects.promises()).hasSize(1);
        assertThat(effects.promises().get(0).message().term()).isEqualTo(4);
    }

    @Test
    @DisplayName("Receiver 2: the first piece begins a new snapshot file")
    void theFirstPieceBeginsAFile() {
        assertThat(Core.following().receive(FIRST).stageChunks()).containsExactly(FIRST);
    }

    @Test
    @DisplayName("Receiver 3: the data is written at the given offset")
    void piecesAreStoredWithTheirOffset() {
        Core core = Core.following();
        core.receive(FIRST);
        assertThat(core.receive(LAST).stageChunks()).containsExactly(LAST);
    }

    @Test
    @DisplayName("Receiver 4: answer and wait for more unless it was the last")
    void anAnswerAsksForMore() {
        Core core = Core.following();
        core.receive(FIRST);
        expectPromise(
                core.step(new Event.ChunkStaged(FIRST, SnapshotOutcome.WANTS_MORE, 64)),
                answer(SnapshotOutcome.WANTS_MORE, 64),
                0);
        assertThat(core.raft.status().lastIndex()).isEqualTo(3);
    }

    @Test
    @DisplayName("Receiver 5: keep the complete snapshot, and none with a smaller index")
    void theNewestSnapshotIsKept() {
        Core core = Core.following();
        complete(core);
        assertThat(core.raft.status().snapshotIndex()).isEqualTo(10);
        core.step(new Event.SnapshotTaken(snapshot(3, 4)));
        assertThat(core.raft.status().snapshotIndex()).isEqualTo(10);
    }

    @Test
    @DisplayName("Receiver 6: if the log has the snapshot's last entry, keep what follows it and answer")
    void entriesBehindTheSnapshotStay() {
        Core core = Core.following();
        core.receive(LAST);
        SnapshotMeta snapshot = snapshot(2, 1);
        SnapshotRequest late = new SnapshotRequest(A, ME, 4, snapshot, 64, new byte[36]);
        Effects effects = core.step(new Event.ChunkStaged(late, SnapshotOutcome.INSTALLED, 100));
        assertThat(effects.promises()).hasSize(1);
        assertThat(effects.install()).isNull();
        assertThat(core.raft.status().lastIndex()).isEqualTo(3);
        assertThat(core.raft.status().commitIndex()).isEqualTo(2);
    }

    @Test
    @DisplayName("Receiver 7: otherwise the whole log goes")
    void otherwiseTheLogGoes() {
        Core core = Core.follower(new HardState(4, NodeId.NONE), List.of(1L, 1L, 2L, 2L, 2L));
        SnapshotRequest last = new SnapshotRequest(A, ME, 4, snapshot(3, 4), 64, new byte[36]);
        Effects effects = core.step(new Event.ChunkStaged(last, SnapshotOutcome.INSTALLED, 100));
        assertThat(effects.write())
                .isEqualTo(new WriteBatch(1, null, new LogBase(3, 4, true), WriteBatch.KEEP_ALL, List.of()));
        assertThat(core.raft.status().lastIndex()).isEqualTo(3);
    }

    @Test
    @DisplayName("Receiver 8: the state machine takes the snapshot, and its membership is in force")
    void stateAndMembershipAreTheSnapshots() {
        MembershipAt other = new MembershipAt(7, Membership.ofVoters(ME, A, NodeId.of(9)));
        SnapshotMeta snapshot = new SnapshotMeta(10, 4, other, 100, 1);
        SnapshotRequest last = new SnapshotRequest(A, ME, 4, snapshot, 64, new byte[36]);
        Core core = Core.following();
        Effects effects = core.step(new Event.ChunkStaged(last, SnapshotOutcome.INSTALLED, 100));
        assertThat(effects.install()).isEqualTo(snapshot);
        assertThat(effects.membership()).isEqualTo(other);
    }
}
