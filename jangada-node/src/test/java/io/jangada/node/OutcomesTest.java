package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.NodeStatus.Health;
import io.jangada.api.error.OverloadedException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.ReadTimeoutException;
import io.jangada.core.RaftStatus;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.Damage;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.RoleName;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every request ends, once, with the truth; whatever is queued has a limit. One test for each bug that a review of the first version found. */
class OutcomesTest {

    /** The read had left the loop with its index, which never came: it waited for ever. */
    @Test
    void aReadThatIsConfirmedButNeverReachedEndsInTime() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        LocalNode<String> follower = group.followerOf(leader);
        NodeId id = follower.status().raft().self();
        group.lost = message ->
                message.to().equals(id) && (message instanceof AppendRequest || message instanceof HeartbeatRequest);
        CompletableFuture<String> written = leader.propose(Group.bytes("a"));
        group.settle();
        CompletableFuture<Long> read = follower.readBarrier();
        group.settle();
        assertThat(written).isCompleted();
        assertThat(read).isNotDone();
        group.pass(5_200);
        assertThat(Outcome.failureOf(read))
                .isInstanceOf(ReadTimeoutException.class)
                .hasMessageContaining("catch up");
        CompletableFuture<Long> second = follower.readBarrier();
        group.lost = message -> false;
        group.pass(1_500);
        assertThat(second).isCompleted();
    }

    /** An Error of a query ended the thread that applies: the node looked alive and answered nobody. */
    @Test
    void anErrorOfAQueryIsItsCallersAndTheNodeGoesOn() {
        Group group = new Group(1, true);
        LocalNode<String> leader = group.elect();
        CompletableFuture<String> bad = leader.read(() -> {
            throw new StackOverflowError("deep");
        });
        group.settle();
        assertThat(Outcome.failureOf(bad)).isInstanceOf(StackOverflowError.class);
        CompletableFuture<String> good = leader.propose(Group.bytes("a"));
        group.settle();
        assertThat(good).isCompletedWithValue("a#1");
        assertThat(leader.status().health()).isEqualTo(Health.RUNNING);
    }

    /** Clients that propose while nobody leads filled the memory for as long as a request may wait. */
    @Test
    void whatWaitsForALeaderHasALimit() {
        Group group = new Group(3, true);
        group.cutOff.addAll(group.nodes.keySet());
        LocalNode<String> node = group.node(1);
        List<CompletableFuture<String>> all = new ArrayList<>();
        byte[] command = new byte[1 << 20];
        for (int i = 0; i < 100; i++) {
            all.add(node.propose(command));
            group.settle();
        }
        long refused =
                all.stream().filter(CompletableFuture::isCompletedExceptionally).count();
        // 64 MiB may wait, the default of maxUncommittedBytes.
        assertThat(refused).isEqualTo(36);
        assertThat(Outcome.failureOf(all.get(99))).isInstanceOf(OverloadedException.class);
        group.cutOff.clear();
        group.pass(3_000);
        assertThat(all.subList(0, 64)).allSatisfy(one -> assertThat(one).isCompleted());
        CompletableFuture<String> later = node.propose(command);
        group.settle();
        assertThat(later).isCompleted();
    }

    /** One turn took requests until none were left; clients that never pause kept the loop from everything else. */
    @Test
    void oneTurnTakesALimitedNumberOfRequests() {
        Group group = new Group(1, true);
        LocalNode<String> leader = group.elect();
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            all.add(leader.propose(Group.bytes("c")));
        }
        long again = leader.workers().get(0).runOnce(group.nowNanos);
        assertThat(leader.status().raft().lastIndex()).isEqualTo(1 + 4_096);
        // What is left is not forgotten: the loop wants to run again at once.
        assertThat(again).isEqualTo(group.nowNanos);
        group.settle();
        assertThat(all).allSatisfy(one -> assertThat(one).isCompleted());
    }

    /** A copy of a forward that was taken was declined after the step down; the follower repeated the command and it was applied twice. */
    @Test
    void aForwardDeliveredAgainAfterTheStepDownIsNotRepeated() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        NodeId old = leader.status().raft().self();
        LocalNode<String> follower = group.followerOf(leader);
        List<Message> forwards = new ArrayList<>();
        group.lost = message -> {
            if (message instanceof ForwardRequest) {
                forwards.add(message);
            }
            return message instanceof ForwardResponse response && response.outcome() == ForwardOutcome.APPENDED;
        };
        CompletableFuture<String> once = follower.propose(Group.bytes("once"));
        group.settle();
        assertThat(forwards).hasSize(1);
        group.cutOff.add(old);
        group.pass(1_200);
        assertThat(leader.status().raft().leads()).isFalse();
        group.cutOff.clear();
        group.redeliver(forwards.get(0));
        group.pass(6_000);
        assertThat(Outcome.failureOf(once))
                .isInstanceOfSatisfying(RaftException.class, why -> assertThat(why.safeToRetry())
                        .isFalse());
        group.machines.values().forEach(machine -> assertThat(machine.applied).containsExactly("once"));
    }

    /** A state machine that fails with an Error stops the node visibly. */
    @Test
    void anErrorOfTheStateMachineFailsTheNode() {
        Group group = new Group(1, true);
        LocalNode<String> leader = group.elect();
        group.machine(NodeId.of(1)).failWith = new AssertionError("broken");
        CompletableFuture<String> lost = leader.propose(Group.bytes("a"));
        group.settle();
        assertThat(Outcome.failureOf(lost)).isInstanceOf(RaftException.class);
        assertThat(leader.status().health()).isEqualTo(Health.FAILED);
        assertThat(leader.status().failure()).isInstanceOf(AssertionError.class);
    }

    /** A leader that hands over takes nothing; whoever asks waits for the next one, also where followers do not forward. */
    @Test
    void aCommandThatComesDuringATransferWaitsForTheNextLeader() {
        for (boolean forward : new boolean[] {true, false}) {
            RaftConfig defaults = RaftConfig.of(NodeId.of(1), Membership.ofVoters(NodeId.of(1), NodeId.of(2)));
            Options options = Options.DEFAULT.withForwarding(forward);
            RaftConfig raft = new RaftConfig(
                    defaults.self(), defaults.membership(), defaults.timing(), defaults.limits(), options);
            Proposals<String> proposals = new Proposals<>(NodeConfig.of(raft));
            Request.Propose<String> proposal = new Request.Propose<>(Group.bytes("a"), position -> {}, Long.MAX_VALUE);
            proposals.arrived(1, proposal);
            proposal.submitted(3, 0);
            proposals.refused(new Effects.Refused(1, Refusal.NOT_NOW, NodeId.of(1)), 0);
            assertThat(proposal.isHeld()).isTrue();
            assertThat(proposal.future).isNotDone();
            RaftStatus next = new RaftStatus(
                    NodeId.of(1),
                    RoleName.FOLLOWER,
                    4,
                    NodeId.of(2),
                    1,
                    0,
                    0,
                    0,
                    0,
                    new MembershipAt(0, defaults.membership()),
                    Damage.NONE);
            assertThat(proposals.leadershipChanged(next)).containsExactly(proposal);
        }
    }

    /** Two starts of one node would have two threads in one worker. */
    @Test
    void aNodeIsStartedOnce() {
        Group group = new Group(1, true);
        LocalNode<String> node = group.node(1).start();
        assertThatThrownBy(node::start).isInstanceOf(IllegalStateException.class);
        node.close();
        assertThatThrownBy(node::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTimeoutMustBePositive() {
        LocalNode<String> node = new Group(1, true).node(1);
        assertThatThrownBy(() -> node.transferLeadership(NodeId.NONE, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("positive");
    }
}
