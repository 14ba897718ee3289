package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.NodeStatus.Health;
import io.jangada.api.StorageSpace;
import io.jangada.api.error.OverloadedException;
import io.jangada.core.model.DiskStall;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.SpaceLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A group whose disks fill up: who refuses what, what goes on, and how it ends (trap 46). */
class SpaceTest {
    private static final long RESERVE = 1_000;

    private final Group group = new Group(3, true);
    private final LocalNode<String> leader = group.elect();
    private final LocalNode<String> follower = group.followerOf(leader);

    private static NodeId idOf(LocalNode<String> node) {
        return node.status().raft().self();
    }

    private void set(LocalNode<String> node, SpaceLevel level, long usable) {
        group.storage(idOf(node)).space = new StorageSpace("/data", usable, RESERVE, level);
    }

    /** The storage says so, the journal looks, and the loop hears of it. */
    private void measure(SpaceLevel level, long usable, List<LocalNode<String>> nodes) {
        nodes.forEach(node -> {
            set(node, level, usable);
            // As after a restart: a storage that was unlimited is not asked again.
            group.restart(idOf(node));
        });
        group.settle();
    }

    private static OverloadedException refusal(CompletableFuture<String> proposal) {
        assertThat(Outcome.failureOf(proposal)).isInstanceOf(OverloadedException.class);
        return (OverloadedException) Outcome.failureOf(proposal);
    }

    private LocalNode<String> electWithAll(SpaceLevel level, long usable) {
        measure(level, usable, List.copyOf(group.nodes.values()));
        return group.elect();
    }

    @Test
    void proposalsAreRefusedWithFiguresAndTheWayOutAndEverythingElseGoesOn() {
        LocalNode<String> now = electWithAll(SpaceLevel.SCARCE, 800);
        CompletableFuture<String> refused = now.propose(Group.bytes("a"));
        CompletableFuture<Long> read = now.readBarrier();
        CompletableFuture<Long> readElsewhere = group.followerOf(now).readBarrier();
        group.pass(100);
        assertThat(refusal(refused).limit()).isEqualTo(OverloadedException.Limit.SPACE);
        assertThat(refusal(refused)).hasMessageContainingAll("/data", "800 bytes", "1000", "free space");
        assertThat(refusal(refused).safeToRetry()).isTrue();
        assertThat(read).isCompleted();
        assertThat(readElsewhere).isCompleted();
        assertThat(now.status().health()).isEqualTo(Health.RUNNING);
        assertThat(now.status().disk().space().usableBytes()).isEqualTo(800);
    }

    @Test
    void aForwardedProposalIsRefusedBecauseOfTheLeadersDisk() {
        LocalNode<String> now = electWithAll(SpaceLevel.SCARCE, 800);
        CompletableFuture<String> forwarded = group.followerOf(now).propose(Group.bytes("a"));
        group.settle();
        assertThat(refusal(forwarded).limit()).isEqualTo(OverloadedException.Limit.SPACE);
        assertThat(refusal(forwarded)).hasMessageContaining("node " + idOf(now));
    }

    @Test
    void proposalsAreTakenAgainByThemselvesAndSnapshotsAreTakenAllTheTime() {
        CompletableFuture<String> before = leader.propose(Group.bytes("before"));
        group.settle();
        assertThat(before).isCompleted();
        LocalNode<String> now = electWithAll(SpaceLevel.EXHAUSTED, 300);
        CompletableFuture<SnapshotMeta> snapshot = now.takeSnapshot();
        CompletableFuture<String> refused = now.propose(Group.bytes("a"));
        group.settle();
        assertThat(snapshot).isCompleted();
        assertThat(refusal(refused).limit()).isEqualTo(OverloadedException.Limit.SPACE);
        group.nodes.values().forEach(node -> set(node, SpaceLevel.AMPLE, 2_000));
        group.pass(1_100);
        CompletableFuture<String> taken = now.propose(Group.bytes("b"));
        group.settle();
        assertThat(taken).isCompleted();
    }

    @Test
    void aFollowerWithoutRoomFallsBehindAndCatchesUpAndIsNeverFailed() {
        measure(SpaceLevel.EXHAUSTED, 300, List.of(follower));
        LocalNode<String> now = group.elect();
        NodeId full = idOf(follower);
        LocalNode<String> without = group.node(full.value());
        assertThat(now).as("the seed has another one lead").isNotSameAs(without);
        CompletableFuture<String> a = now.propose(Group.bytes("a"));
        CompletableFuture<String> there = without.propose(Group.bytes("there"));
        group.pass(3_000);
        assertThat(a).isCompleted();
        assertThat(refusal(there)).hasMessageContaining("300 bytes");
        assertThat(group.machine(full).applied).isEmpty();
        assertThat(without.status().health()).isEqualTo(Health.RUNNING);
        set(without, SpaceLevel.AMPLE, 2_000);
        group.pass(2_500);
        assertThat(group.machine(full).applied).containsExactly("a");
    }

    @Test
    void whoListensToTheStatusHearsOfEachLevelOnce() {
        List<SpaceLevel> heard = new ArrayList<>();
        measure(SpaceLevel.AMPLE, 5_000, List.of(follower));
        LocalNode<String> node = group.node(idOf(follower).value());
        node.onStatusChange(status -> {
            SpaceLevel level = status.disk().space().level();
            if (heard.isEmpty() || heard.get(heard.size() - 1) != level) {
                heard.add(level);
            }
        });
        group.pass(1_100);
        for (SpaceLevel level : List.of(SpaceLevel.SCARCE, SpaceLevel.EXHAUSTED, SpaceLevel.AMPLE)) {
            set(node, level, 900);
            group.pass(2_200);
        }
        assertThat(heard).containsExactly(SpaceLevel.AMPLE, SpaceLevel.SCARCE, SpaceLevel.EXHAUSTED, SpaceLevel.AMPLE);
    }

    @Test
    void aStorageWithoutLimitsIsAskedOnce() {
        group.pass(10_000);
        assertThat(group.storage(idOf(leader)).spaceAsked).isEqualTo(1);
        assertThat(leader.status().disk().stall()).isEqualTo(DiskStall.NONE);
    }
}
