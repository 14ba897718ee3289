package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ReadLevel;
import io.jangada.api.error.NodeFailedException;
import io.jangada.api.error.ReadTimeoutException;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reads of every freshness: what each may cost and must see. */
class ReadLevelsTest {

    private static CompletableFuture<List<String>> read(Group group, LocalNode<String> node, ReadLevel level) {
        Group.Journaling machine = group.machine(node.status().raft().self());
        return node.read(level, () -> List.copyOf(machine.applied));
    }

    private static void propose(Group group, LocalNode<String> node, String command) {
        CompletableFuture<String> done = node.propose(Group.bytes(command));
        group.settle();
        assertThat(done).isCompleted();
    }

    @Test
    void aLocalReadNeedsNobody() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        propose(group, leader, "a");
        LocalNode<String> follower = group.followerOf(leader);
        group.cutOff.addAll(group.nodes.keySet());
        CompletableFuture<String> unheard = leader.propose(Group.bytes("unheard"));
        group.settle();
        assertThat(unheard).isNotDone();
        long sent = group.sent;
        CompletableFuture<List<String>> answer = read(group, follower, ReadLevel.LOCAL);
        group.settle();
        assertThat(answer).isCompletedWithValue(List.of("a"));
        assertThat(group.sent).isEqualTo(sent);
    }

    @Test
    void aFailedNodeAnswersNoLocalRead() {
        Group group = new Group(1, true);
        LocalNode<String> node = group.elect();
        group.storage(NodeId.of(1)).failSync = true;
        CompletableFuture<String> lost = node.propose(Group.bytes("a"));
        group.settle();
        assertThat(lost).isCompletedExceptionally();
        assertThat(Outcome.failureOf(read(group, node, ReadLevel.LOCAL))).isInstanceOf(NodeFailedException.class);
    }

    @Test
    void aBoundedReadUsesARecentConfirmationAgain() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        LocalNode<String> follower = group.followerOf(leader);
        propose(group, leader, "a");
        ReadLevel stale = ReadLevel.boundedStale(Duration.ofMillis(100));
        CompletableFuture<List<String>> first = read(group, follower, stale);
        group.settle();
        assertThat(first).isCompletedWithValue(List.of("a"));
        group.cutOff.add(follower.status().raft().self());
        group.nowNanos += 100 * Group.MILLISECOND;
        CompletableFuture<List<String>> within = read(group, follower, stale);
        group.settle();
        assertThat(within).isCompletedWithValue(List.of("a"));
        group.nowNanos += 1;
        CompletableFuture<List<String>> beyond = read(group, follower, stale);
        group.settle();
        assertThat(beyond).isNotDone();
        group.pass(5_200);
        assertThat(Outcome.failureOf(beyond)).isInstanceOf(ReadTimeoutException.class);
    }

    /** The turn finds the confirmation recent enough; then the process stands still before the answer is computed. */
    @Test
    void aBoundedReadThatComesTooLateIsAskedForAnew() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        LocalNode<String> follower = group.followerOf(leader);
        propose(group, leader, "a");
        ReadLevel stale = ReadLevel.boundedStale(Duration.ofMillis(100));
        CompletableFuture<List<String>> confirmed = read(group, follower, stale);
        group.settle();
        assertThat(confirmed).isCompleted();
        group.cutOff.add(follower.status().raft().self());
        group.nowNanos += 100 * Group.MILLISECOND;
        CompletableFuture<List<String>> paused = read(group, follower, stale);
        follower.workers().get(0).runOnce(group.nowNanos);
        group.nowNanos += 1;
        group.settle();
        assertThat(paused).isNotDone();
        group.cutOff.clear();
        group.pass(1_200);
        assertThat(paused).isCompletedWithValue(List.of("a"));
    }

    @Test
    void aConfirmationOfALinearizableReadServesBoundedOnes() {
        Group group = new Group(3, true);
        LocalNode<String> follower = group.followerOf(group.elect());
        CompletableFuture<Long> barrier = follower.readBarrier();
        group.settle();
        assertThat(barrier).isCompleted();
        group.cutOff.addAll(group.nodes.keySet());
        CompletableFuture<List<String>> stale =
                read(group, follower, ReadLevel.boundedStale(Duration.ofDays(1_000_000_000)));
        group.settle();
        assertThat(stale).isCompleted();
    }

    @Test
    void withoutLeasesALeaseReadIsALinearizableOne() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        group.cutOff.add(leader.status().raft().self());
        CompletableFuture<List<String>> answer = read(group, leader, ReadLevel.LEASE);
        group.settle();
        assertThat(answer).isNotDone();
        group.cutOff.clear();
        group.pass(600);
        assertThat(answer).isCompleted();
    }

    @Test
    void anAnswerWithinTheLeaseCounts() {
        HandMade node = new HandMade();
        Request.Read<String> read = node.read(ReadLevel.LEASE, () -> "answer");
        Effects effects = new Effects();
        effects.readReady(read.id, 0, node.nowNanos + 1);
        node.carryOut(effects);
        node.runAll();
        assertThat(read.future).isCompletedWithValue("answer");
    }

    /** Trap 38: a process that slept through its lease answered with what the next leader had changed since. */
    @Test
    void trap38AnAnswerAfterTheLeaseIsThrownAwayAndAskedForByARound() {
        HandMade node = new HandMade();
        List<String> answers = new ArrayList<>(List.of("old", "new"));
        Request.Read<String> read = node.read(ReadLevel.LEASE, () -> answers.remove(0));
        Effects effects = new Effects();
        effects.readReady(read.id, 0, node.nowNanos + 1);
        node.carryOut(effects);
        node.nowNanos += 1;
        node.runAll();
        assertThat(read.future).isNotDone();
        Request.Read<?> again = node.inbox.pollRead();
        assertThat(again).isSameAs(read);
        assertThat(read.level()).isEqualTo(ReadLevel.LINEARIZABLE);
        node.requests.arrived(read, node.nowNanos);
        effects.clear();
        effects.readReady(read.id, 0);
        node.carryOut(effects);
        node.runAll();
        assertThat(read.future).isCompletedWithValue("new");
    }

    @Test
    void aReadAskedAnewKeepsItsOwnDeadline() {
        HandMade node = new HandMade();
        Request.Read<String> younger = node.read(ReadLevel.LINEARIZABLE, () -> "");
        node.nowNanos += 100;
        Request.Read<String> older = new Request.Read<>(ReadLevel.LINEARIZABLE, () -> "", younger.deadlineNanos - 1);
        node.requests.arrived(older, node.nowNanos);
        assertThat(node.requests.reads().expire(NodeId.NONE, younger.deadlineNanos - 1))
                .isEmpty();
        assertThat(Outcome.failureOf(older.future)).isInstanceOf(ReadTimeoutException.class);
        assertThat(younger.future).isNotDone();
    }
}
