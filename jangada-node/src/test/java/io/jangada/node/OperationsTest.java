package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.NodeStatus;
import io.jangada.api.NodeStatus.Health;
import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NodeFailedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.TransferOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What operators ask of a node, through the real core: members, leaders, snapshots for those that are behind. */
class OperationsTest {
    private static final NodeId FOURTH = NodeId.of(4);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Group group = new Group(Group.Setup.of(3));
    private final LocalNode<String> leader = group.elect();

    private static NodeId idOf(LocalNode<String> node) {
        return node.status().raft().self();
    }

    private void propose(LocalNode<String> node, String command) {
        CompletableFuture<String> done = node.propose(Group.bytes(command));
        group.settle();
        assertThat(done).isCompleted();
    }

    private CompletableFuture<MembershipAt> change(LocalNode<String> node, MembershipStep step) {
        return node.changeMembership(MembershipChange.of(step), MINUTE);
    }

    @Test
    void aVoterThatIsAddedThroughAFollowerVotesAndHasEverything() {
        propose(leader, "a");
        group.add(FOURTH);
        CompletableFuture<MembershipAt> added =
                change(group.followerOf(leader), new MembershipStep.AddVoter(FOURTH, MemberInfo.at("four:1")));
        group.pass(3_000);
        MembershipAt after = added.join();
        assertThat(after.membership().voters()).contains(FOURTH).hasSize(4);
        assertThat(after.membership().isJoint()).isFalse();
        assertThat(group.machine(FOURTH).applied).containsExactly("a");
        assertThat(group.told).hasSize(4).allSatisfy((node, membership) -> assertThat(membership)
                .isEqualTo(after.membership()));
        propose(group.node(4), "b");
        assertThat(group.machine(FOURTH).applied).containsExactly("a", "b");
    }

    @Test
    void aChangeAtAnOldIndexIsRefusedWithTheReason() {
        CompletableFuture<MembershipAt> learner =
                change(leader, new MembershipStep.AddLearner(FOURTH, MemberInfo.UNKNOWN));
        group.settle();
        assertThat(learner).isCompleted();
        CompletableFuture<MembershipAt> late = leader.changeMembership(
                MembershipChange.of(new MembershipStep.Remove(FOURTH)).ifAt(0), MINUTE);
        group.settle();
        assertThat(Outcome.failureOf(late))
                .isInstanceOfSatisfying(ChangeRefusedException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(ChangeRefusal.INDEX_MISMATCH));
    }

    @Test
    void aChangeWaitsForALeaderAsCommandsDo() {
        Group young = new Group(Group.Setup.of(3));
        CompletableFuture<MembershipAt> early = young.node(1)
                .changeMembership(
                        MembershipChange.of(new MembershipStep.AddLearner(FOURTH, MemberInfo.UNKNOWN)), MINUTE);
        young.settle();
        assertThat(early).isNotDone();
        young.elect();
        young.pass(1_500);
        assertThat(early.join().membership().learners()).containsExactly(FOURTH);
    }

    @Test
    void listenersHearOfAMembership() {
        List<NodeStatus> heard = new ArrayList<>();
        leader.onStatusChange(heard::add);
        group.settle();
        int before = heard.size();
        CompletableFuture<MembershipAt> learner =
                change(leader, new MembershipStep.AddLearner(FOURTH, MemberInfo.UNKNOWN));
        group.settle();
        assertThat(learner).isCompleted();
        assertThat(heard).hasSize(before + 1);
        assertThat(heard.get(before).raft().membership()).isEqualTo(learner.join());
    }

    @Test
    void leadershipGoesToTheOneThatIsNamed() {
        LocalNode<String> next = group.followerOf(leader);
        CompletableFuture<NodeId> done = leader.transferLeadership(idOf(next), Duration.ofSeconds(1));
        CompletableFuture<String> meanwhile = leader.propose(Group.bytes("meanwhile"));
        group.pass(1_000);
        assertThat(done).isCompletedWithValue(idOf(next));
        assertThat(next.status().raft().leads()).isTrue();
        assertThat(meanwhile).isCompletedWithValue("meanwhile#1");
    }

    @Test
    void aTransferThatCannotBeSaysWhy() {
        CompletableFuture<NodeId> bad = leader.transferLeadership(FOURTH, Duration.ofSeconds(1));
        CompletableFuture<NodeId> elsewhere = group.followerOf(leader).transferLeadership(NodeId.NONE, MINUTE);
        group.settle();
        assertThat(Outcome.failureOf(bad))
                .isInstanceOfSatisfying(TransferFailedException.class, failed -> assertThat(failed.outcome())
                        .isEqualTo(TransferOutcome.BAD_TARGET));
        assertThat(Outcome.failureOf(elsewhere))
                .isInstanceOfSatisfying(NotLeaderException.class, refused -> assertThat(refused.leader())
                        .isEqualTo(idOf(leader)));
        assertThat(leader.status().raft().leads()).isTrue();
    }

    @Test
    void aTransferIsAbortedOnRequestAndTheLeaderGoesOn() {
        NodeId target = idOf(group.followerOf(leader));
        group.cutOff.add(target);
        CompletableFuture<NodeId> wanted = leader.transferLeadership(target, Duration.ofSeconds(10));
        group.settle();
        CompletableFuture<String> waiting = leader.propose(Group.bytes("a"));
        group.settle();
        assertThat(wanted).isNotDone();
        assertThat(waiting).isNotDone();
        leader.abortTransfer();
        group.pass(1_000);
        assertThat(Outcome.failureOf(wanted))
                .isInstanceOfSatisfying(TransferFailedException.class, failed -> assertThat(failed.outcome())
                        .isEqualTo(TransferOutcome.ABORTED));
        assertThat(waiting).isCompletedWithValue("a#1");
    }

    @Test
    void aLeaderStepsDownOnRequest() {
        CompletableFuture<Void> down = leader.stepDown();
        group.settle();
        assertThat(down).isCompletedWithValue(null);
        assertThat(leader.status().raft().leads()).isFalse();
        assertThat(group.elect()).isNotSameAs(leader);
    }

    @Test
    void theLeaderShowsHowFarTheOthersAre() {
        propose(leader, "a");
        group.pass(200);
        long last = leader.status().raft().lastIndex();
        assertThat(leader.progress()).hasSize(2).allSatisfy(peer -> assertThat(peer.matchIndex())
                .isEqualTo(last));
        assertThat(leader.progress()).extracting(PeerProgress::node).doesNotContain(idOf(leader));
        assertThat(group.followerOf(leader).progress()).isEmpty();
    }

    @Test
    void aFollowerThatMissedWhatIsGoneIsSentTheSnapshot() {
        LocalNode<String> behind = group.followerOf(leader);
        group.cutOff.add(idOf(behind));
        for (int i = 0; i < 100; i++) {
            propose(leader, "command-" + i);
        }
        CompletableFuture<SnapshotMeta> taken = leader.takeSnapshot();
        group.settle();
        assertThat(taken).isCompleted();
        propose(leader, "last");
        assertThat(leader.status().raft().firstIndex()).isGreaterThan(90);
        group.cutOff.clear();
        group.pass(5_000);
        Group.Journaling machine = group.machine(idOf(behind));
        assertThat(machine.restored).isEqualTo(1);
        assertThat(machine.applied).hasSize(101).endsWith("command-99", "last");
        assertThat(group.snapshots(idOf(behind)).newest()).contains(taken.join());
        LocalNode<String> again = group.restart(idOf(behind));
        group.pass(1_500);
        assertThat(group.machine(idOf(behind)).applied).hasSize(101);
        assertThat(again.status().health()).isEqualTo(Health.RUNNING);
    }

    /** Trap 47: a node whose disk was wiped came back under its old name, without its promises. */
    @Test
    void trap47ANodeWithAnotherFolderThanTheGroupKnowsStopsAndSaysWhatToDo() {
        Group known = new Group(Group.Setup.of(3));
        for (NodeId id : List.copyOf(known.nodes.keySet())) {
            known.incarnations.put(id, 5L);
            known.restart(id);
        }
        known.connectAll();
        LocalNode<String> leads = known.elect();
        known.pass(1_500);
        NodeId id = idOf(known.followerOf(leads));
        assertThat(leads.status().raft().membership().membership().infoOf(id).incarnation())
                .isEqualTo(5);
        known.node(id.value()).close();
        known.incarnations.put(id, 6L);
        LocalNode<String> other = known.add(id);
        CompletableFuture<String> refused = other.propose(Group.bytes("a"));
        // The next leader does not know how far the node had been, and sends it everything: its own name among it.
        known.cutOff.add(idOf(leads));
        known.pass(4_000);
        assertThat(other.status().health()).isEqualTo(Health.FAILED);
        assertThat(other.status().failure()).hasMessageContaining("another data folder");
        assertThat(Outcome.failureOf(refused)).isInstanceOf(RaftException.class);
        CompletableFuture<String> later = other.propose(Group.bytes("b"));
        known.settle();
        assertThat(Outcome.failureOf(later)).isInstanceOf(NodeFailedException.class);
        assertThat(Outcome.failureOf(other.takeSnapshot())).isInstanceOf(NodeFailedException.class);
    }

    @Test
    void closingEndsOperationsThatNobodyTook() {
        LocalNode<String> alone = new Group(Group.Setup.of(3)).node(1);
        CompletableFuture<MembershipAt> change =
                change(alone, new MembershipStep.AddLearner(FOURTH, MemberInfo.UNKNOWN));
        CompletableFuture<Void> down = alone.stepDown();
        alone.close();
        assertThat(Outcome.failureOf(change)).isInstanceOf(NodeClosedException.class);
        assertThat(Outcome.failureOf(down)).isInstanceOf(NodeClosedException.class);
        assertThat(Outcome.failureOf(alone.transferLeadership(NodeId.NONE, MINUTE)))
                .isInstanceOf(NodeClosedException.class);
    }
}
