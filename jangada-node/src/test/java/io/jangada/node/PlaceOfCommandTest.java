package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.NodeStatus.Health;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.model.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever proposes is told where a leader has put the command: once, before the result, and only if a leader has. */
class PlaceOfCommandTest {

    @Test
    void thePlaceIsToldOnceAndBeforeTheResult() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        List<String> told = new ArrayList<>();
        CompletableFuture<String> result = leader.propose(Group.bytes("a"), position -> told.add("at " + position));
        assertThat(result.thenAccept(value -> told.add("result " + value))).isNotDone();
        group.settle();
        group.pass(1_000);
        LogPosition last = new LogPosition(
                leader.status().raft().lastIndex(), leader.status().raft().term());
        assertThat(told).containsExactly("at " + last, "result a#1");
    }

    /** That is what it is for: the place is known long before a majority has the command, if it ever has. */
    @Test
    void thePlaceIsToldThoughNoMajorityCanBeReached() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        long last = leader.status().raft().lastIndex();
        long term = leader.status().raft().term();
        group.lost = message -> message instanceof AppendRequest;
        List<LogPosition> told = new ArrayList<>();
        CompletableFuture<String> first = leader.propose(Group.bytes("a"), told::add);
        CompletableFuture<String> second = leader.propose(Group.bytes("b"), told::add);
        group.settle();
        assertThat(told).containsExactly(new LogPosition(last + 1, term), new LogPosition(last + 2, term));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
    }

    @Test
    void nothingIsToldIfTheCommandIsRefused() {
        Group group = new Group(3, false);
        LocalNode<String> leader = group.elect();
        List<LogPosition> told = new ArrayList<>();
        CompletableFuture<String> refused = group.followerOf(leader).propose(Group.bytes("a"), told::add);
        group.pass(1_000);
        assertThat(Outcome.failureOf(refused)).isInstanceOf(NotLeaderException.class);
        leader.close();
        CompletableFuture<String> late = leader.propose(Group.bytes("b"), told::add);
        assertThat(Outcome.failureOf(late)).isInstanceOf(NodeClosedException.class);
        assertThat(told).isEmpty();
    }

    @Test
    void aFollowerThatForwardsIsToldByItsLeader() {
        Group group = new Group(3, true);
        LocalNode<String> leader = group.elect();
        List<String> told = new ArrayList<>();
        CompletableFuture<String> result =
                group.followerOf(leader).propose(Group.bytes("a"), position -> told.add("at " + position));
        assertThat(result.thenAccept(value -> told.add("result " + value))).isNotDone();
        group.pass(1_000);
        LogPosition last = new LogPosition(
                leader.status().raft().lastIndex(), leader.status().raft().term());
        assertThat(told).containsExactly("at " + last, "result a#1");
    }

    /** An Error of a listener stopped the node for good, as a violated invariant would. */
    @Test
    void aListenerThatThrowsHarmsNobodyElse() {
        Group group = new Group(1, true);
        LocalNode<String> leader = group.elect();
        CompletableFuture<String> first = leader.propose(Group.bytes("a"), position -> {
            throw new IllegalStateException("a listener's own trouble");
        });
        group.settle();
        CompletableFuture<String> second = leader.propose(Group.bytes("b"), position -> {
            throw new StackOverflowError("a listener's own trouble");
        });
        group.settle();
        CompletableFuture<String> third = leader.propose(Group.bytes("c"));
        group.settle();
        assertThat(leader.status().health()).isEqualTo(Health.RUNNING);
        assertThat(first).isCompletedWithValue("a#1");
        assertThat(second).isCompletedWithValue("b#2");
        assertThat(third).isCompletedWithValue("c#3");
    }
}
