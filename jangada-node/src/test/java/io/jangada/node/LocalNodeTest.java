package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.NodeStatus.Health;
import io.jangada.api.error.CommandTooLargeException;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NodeFailedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.ReadTimeoutException;
import io.jangada.core.config.Limits;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.Message;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LocalNodeTest {

    private static RaftException failureOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        ThrowingCallable join = future::join;
        List<RaftException> caught = new ArrayList<>();
        assertThatThrownBy(join).isInstanceOfSatisfying(CompletionException.class, wrapped -> {
            assertThat(wrapped.getCause()).isInstanceOf(RaftException.class);
            caught.add((RaftException) wrapped.getCause());
        });
        return caught.get(0);
    }

    @Test
    void aProposalAtTheLeaderIsAppliedEverywhereAndAnswersWithTheResult() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        CompletableFuture<String> a = leader.propose(Group.bytes("a"));
        CompletableFuture<String> b = leader.propose(Group.bytes("b"));
        group.settle();
        assertThat(a).isCompletedWithValue("a#1");
        assertThat(b).isCompletedWithValue("b#2");
        // The followers learn at once what is committed, without waiting for a timer.
        group.machines.values().forEach(machine -> assertThat(machine.applied).containsExactly("a", "b"));
    }

    @Test
    void aProposalAtAFollowerIsForwardedAndAnsweredFromItsOwnStateMachine() {
        Group group = new Group(3, true);
        LocalNode<String> follower = group.followerOf(group.elect());
        CompletableFuture<String> a = follower.propose(Group.bytes("a"));
        group.settle();
        assertThat(a).isCompletedWithValue("a#1");
    }

    @Test
    void withoutForwardingAFollowerNamesTheLeader() {
        Group group = new Group(3, false);
        LocalNode<String> leader = group.elect();
        CompletableFuture<String> a = group.followerOf(leader).propose(Group.bytes("a"));
        group.settle();
        assertThat(failureOf(a)).isInstanceOfSatisfying(NotLeaderException.class, refused -> {
            assertThat(refused.leader()).isEqualTo(leader.status().raft().self());
            assertThat(refused.safeToRetry()).isTrue();
        });
    }

    @Test
    void aProposalBeforeTheFirstElectionWaitsForTheLeader() {
        Group group = new Group(3, true);
        CompletableFuture<String> early = group.node(2).propose(Group.bytes("early"));
        group.settle();
        assertThat(early).isNotDone();
        group.elect();
        group.settle();
        assertThat(early).isCompletedWithValue("early#1");
    }

    @Test
    void withoutAMajorityAHeldProposalEndsUntouchedAndAReadEnds() {
        Group group = new Group(3, true);
        group.cutOff.add(NodeId.of(2));
        group.cutOff.add(NodeId.of(3));
        CompletableFuture<String> proposal = group.node(1).propose(Group.bytes("a"));
        CompletableFuture<Long> read = group.node(1).readBarrier();
        group.pass(5_100);
        assertThat(failureOf(proposal)).isInstanceOf(NotLeaderException.class);
        assertThat(failureOf(read)).isInstanceOf(ReadTimeoutException.class);
    }

    @Test
    void aLeaderThatLosesItsMajorityStepsDownAndSaysThatTheOutcomeIsUnknown() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        group.cutOff.add(leader.status().raft().self());
        CompletableFuture<String> lost = leader.propose(Group.bytes("lost"));
        CompletableFuture<Long> read = leader.readBarrier();
        group.pass(1_200);
        assertThat(leader.status().raft().leads()).isFalse();
        assertThat(failureOf(lost))
                .isInstanceOfSatisfying(OutcomeUnknownException.class, unknown -> assertThat(unknown.safeToRetry())
                        .isFalse());
        assertThat(read).isNotCompleted();
        LocalNode<String> next = group.elect();
        CompletableFuture<String> kept = next.propose(Group.bytes("kept"));
        group.settle();
        assertThat(kept).isCompletedWithValue("kept#1");
        group.cutOff.clear();
        group.pass(1_000);
        group.machines.values().forEach(machine -> assertThat(machine.applied).containsExactly("kept"));
        assertThat(read).isCompleted();
    }

    @Test
    void readsSeeWhatWasAcknowledgedBeforeOnEveryNode() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        CompletableFuture<String> written = leader.propose(Group.bytes("a"));
        group.settle();
        assertThat(written).isCompleted();
        for (LocalNode<String> node : group.nodes.values()) {
            Group.Journaling machine = group.machine(node.status().raft().self());
            CompletableFuture<List<String>> read = node.read(() -> List.copyOf(machine.applied));
            group.settle();
            assertThat(read).isCompletedWithValue(List.of("a"));
        }
    }

    @Test
    void aFailedSyncStopsTheNodeForGoodAndTheOthersGoOn() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        group.storage(leader.status().raft().self()).failSync = true;
        CompletableFuture<String> a = leader.propose(Group.bytes("a"));
        group.settle();
        assertThat(leader.status().health()).isEqualTo(Health.FAILED);
        assertThat(leader.status().failure()).hasMessage("the disk is gone");
        assertThat(failureOf(a)).isInstanceOf(OutcomeUnknownException.class);
        CompletableFuture<String> later = leader.propose(Group.bytes("later"));
        group.storage(leader.status().raft().self()).failSync = false;
        group.settle();
        assertThat(failureOf(later)).isInstanceOf(NodeFailedException.class);
        group.cutOff.add(leader.status().raft().self());
        LocalNode<String> next = group.elect();
        CompletableFuture<String> b = next.propose(Group.bytes("b"));
        group.settle();
        assertThat(b).isCompleted();
    }

    @Test
    void aFollowerThatCannotWriteAcknowledgesNothing() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        for (LocalNode<String> node : group.nodes.values()) {
            if (node != leader) {
                group.storage(node.status().raft().self()).failSync = true;
            }
        }
        CompletableFuture<String> a = leader.propose(Group.bytes("a"));
        group.settle();
        assertThat(a).isNotDone();
    }

    @Test
    void lostAppendsAreFoundByTheNextHeartbeatAndRepeated() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        group.lost = message ->
                message instanceof AppendRequest request && !request.entries().isEmpty();
        CompletableFuture<String> a = leader.propose(Group.bytes("a"));
        group.settle();
        assertThat(a).isNotDone();
        group.lost = message -> false;
        group.pass(60);
        assertThat(a).isCompletedWithValue("a#1");
    }

    @Test
    void lostAnswersAreRepairedWithinAnElectionTimeout() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        group.lost = message -> message instanceof AppendResponse;
        CompletableFuture<String> a = leader.propose(Group.bytes("a"));
        group.settle();
        group.lost = message -> false;
        group.pass(620);
        assertThat(a).isCompletedWithValue("a#1");
        assertThat(leader.status().raft().leads()).isTrue();
    }

    @Test
    void aForwardWhoseAnswerIsLostEndsUnknown() {
        Group group = new Group(3, true);
        LocalNode<String> follower = group.followerOf(group.elect());
        group.lost = message -> message instanceof ForwardResponse;
        CompletableFuture<String> a = follower.propose(Group.bytes("a"));
        group.pass(5_100);
        assertThat(failureOf(a)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void aForwardDeliveredTwiceIsCarriedOutOnce() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        LocalNode<String> follower = group.followerOf(leader);
        List<Message> forwards = new ArrayList<>();
        group.lost = message -> {
            if (message instanceof ForwardRequest) {
                forwards.add(message);
            }
            return false;
        };
        CompletableFuture<String> a = follower.propose(Group.bytes("a"));
        group.settle();
        assertThat(forwards).hasSize(1);
        group.redeliver(forwards.get(0));
        group.settle();
        assertThat(a).isCompletedWithValue("a#1");
        assertThat(group.machine(leader.status().raft().self()).applied).containsExactly("a");
    }

    @Test
    void aCommandAboveTheLimitIsRefusedByName() {
        Group group = new Group(1, true);
        LocalNode<String> leader = group.elect();
        CompletableFuture<String> large = leader.propose(new byte[Limits.DEFAULT.maxCommandBytes() + 1]);
        group.settle();
        assertThat(failureOf(large))
                .isInstanceOf(CommandTooLargeException.class)
                .hasMessageContaining("maxCommandBytes");
    }

    @Test
    void closingEndsEveryRequest() {
        Group group = new Group(3, true);
        LocalNode<String> node = group.node(1);
        CompletableFuture<String> before = node.propose(Group.bytes("a"));
        group.settle();
        node.close();
        CompletableFuture<String> after = node.propose(Group.bytes("b"));
        assertThat(failureOf(before)).isInstanceOf(NodeClosedException.class);
        assertThat(failureOf(after)).isInstanceOf(NodeClosedException.class);
        assertThat(node.status().health()).isEqualTo(Health.CLOSED);
    }

    @Test
    void listenersHearThePresentStatusAndEveryChange() {
        Group group = new Group(1, true);
        List<String> heard = new ArrayList<>();
        group.node(1).onStatusChange(status -> heard.add(status.raft().role().name()));
        group.settle();
        group.elect();
        assertThat(heard).startsWith("FOLLOWER").endsWith("LEADER");
    }

    @Test
    void oneSyncServesEverythingThatQueuedUp() {
        Group group = new Group(1, true);
        LocalNode<String> leader = group.elect();
        int before = group.storage(NodeId.of(1)).syncs;
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(leader.propose(Group.bytes("c" + i)));
        }
        group.settle();
        assertThat(all).allSatisfy(one -> assertThat(one).isCompleted());
        assertThat(group.machine(NodeId.of(1)).applied).hasSize(100);
        assertThat(group.storage(NodeId.of(1)).syncs - before).isEqualTo(1);
    }
}
