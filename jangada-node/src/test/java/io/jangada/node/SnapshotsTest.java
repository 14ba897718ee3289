package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.NodeStatus.Health;
import io.jangada.api.error.NodeClosedException;
import io.jangada.api.error.SnapshotFailedException;
import io.jangada.core.config.Options;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.step.Effects;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When snapshots are taken, what is in them, and that a failed one harms nothing. */
class SnapshotsTest {
    private static final NodeId FIRST = NodeId.of(1);

    private final Group group = new Group(new Group.Setup(1, Options.DEFAULT, new SnapshotPolicy(5, 1 << 20)));
    private final LocalNode<String> node = group.elect();
    private final MemorySnapshots store = group.snapshots(FIRST);
    private final Group.Journaling machine = group.machine(FIRST);

    private void propose(int commands) {
        for (int i = 0; i < commands; i++) {
            CompletableFuture<String> done = node.propose(Group.bytes("c" + (machine.applied.size() + 1)));
            group.settle();
            assertThat(done).isCompleted();
        }
    }

    private Worker snapshotWorker() {
        return node.workers().get(4);
    }

    /** Everything but the snapshot worker. */
    private void settleWithoutSnapshots() {
        for (int i = 0; i < 5; i++) {
            node.workers().subList(0, 4).forEach(worker -> worker.runOnce(group.nowNanos));
        }
    }

    @Test
    void thePolicyCountsEntriesAndTheSnapshotSaysWhatItStandsFor() {
        propose(3); // The first entry is the leader's own.
        assertThat(store.newest()).isEmpty();
        propose(1);
        SnapshotMeta first = store.newest().orElseThrow();
        assertThat(first.index()).isEqualTo(5);
        assertThat(first.term()).isEqualTo(node.status().raft().term());
        assertThat(first.membership()).isEqualTo(new MembershipAt(0, group.membership));
        propose(5);
        assertThat(store.newest()).map(SnapshotMeta::index).contains(10L);
        assertThat(store.taken).isEqualTo(2);
        assertThat(machine.snapshotsHeld).isZero();
    }

    @Test
    void thePolicyCountsBytes() {
        CompletableFuture<String> large = node.propose(new byte[1 << 20]);
        group.settle();
        assertThat(large).isCompleted();
        assertThat(store.newest()).map(SnapshotMeta::index).contains(2L);
    }

    @Test
    void theStateIsThatOfTheIndexThoughCommandsGoOnMeanwhile() throws IOException {
        propose(1);
        CompletableFuture<SnapshotMeta> taken = node.takeSnapshot();
        settleWithoutSnapshots();
        CompletableFuture<String> later = node.propose(Group.bytes("later"));
        settleWithoutSnapshots();
        assertThat(later).isCompleted();
        assertThat(taken).isNotDone();
        snapshotWorker().runOnce(group.nowNanos);
        assertThat(taken).isCompleted();
        assertThat(taken.join().index()).isEqualTo(2);
        assertThat(store.open(taken.join())).hasContent("c1");
    }

    /** Trap 25: a wish that came while a snapshot was being written was dropped, and the log never shrank again. */
    @Test
    void trap25AWishDuringAnotherSnapshotIsNotLost() {
        propose(4);
        assertThat(store.taken).isEqualTo(1);
        propose(1);
        CompletableFuture<SnapshotMeta> running = node.takeSnapshot();
        settleWithoutSnapshots();
        CompletableFuture<SnapshotMeta> waiting = node.takeSnapshot();
        CompletableFuture<String> c = node.propose(Group.bytes("c"));
        settleWithoutSnapshots();
        assertThat(c).isCompleted();
        assertThat(waiting).isNotDone();
        group.settle();
        assertThat(running.join().index()).isEqualTo(6);
        assertThat(waiting.join().index()).isEqualTo(7);
        assertThat(store.newest()).map(SnapshotMeta::index).contains(7L);
    }

    @Test
    void withNothingNewTheNewestSnapshotIsTheAnswer() {
        propose(2);
        CompletableFuture<SnapshotMeta> first = node.takeSnapshot();
        group.settle();
        CompletableFuture<SnapshotMeta> second = node.takeSnapshot();
        group.settle();
        assertThat(second.join()).isEqualTo(first.join());
        assertThat(store.taken).isEqualTo(1);
    }

    /** Somebody else needs it and its sectors are gone: the next one waits neither for the policy nor for another entry. */
    @Test
    void aSnapshotThatCannotBeReadForOthersIsReplacedAtOnce() {
        propose(4);
        SnapshotMeta first = store.newest().orElseThrow();
        store.unreadable = true;
        long term = node.status().raft().term();
        Background background = (Background) node.workers().get(3);
        background.readChunk(new Effects.ReadChunk(NodeId.of(2), term, first, 0, 100));
        group.settle();
        assertThat(store.taken).isEqualTo(2);
        assertThat(store.newest()).contains(first);
        assertThat(node.status().health()).isEqualTo(Health.RUNNING);
    }

    @Test
    void aFailedSnapshotIsSaidAndThePolicyTriesAgainLater() {
        store.fail = true;
        propose(2);
        CompletableFuture<SnapshotMeta> failed = node.takeSnapshot();
        group.settle();
        assertThat(Outcome.failureOf(failed))
                .isInstanceOf(SnapshotFailedException.class)
                .hasMessageContaining("the disk is full");
        assertThat(node.status().health()).isEqualTo(Health.RUNNING);
        assertThat(machine.snapshotsHeld).isZero();
        store.fail = false;
        propose(4);
        assertThat(store.newest()).isEmpty();
        propose(1);
        assertThat(store.newest()).map(SnapshotMeta::index).contains(8L);
    }

    @Test
    void aStateMachineWithoutSnapshotsKeepsItsLogAndIsNotAskedAllTheTime() {
        machine.givesSnapshots = false;
        propose(20);
        assertThat(machine.snapshotsAsked).isEqualTo(4);
        CompletableFuture<SnapshotMeta> refused = node.takeSnapshot();
        group.settle();
        assertThat(Outcome.failureOf(refused))
                .isInstanceOf(SnapshotFailedException.class)
                .hasMessageContaining("implement snapshot()");
        assertThat(store.newest()).isEmpty();
    }

    @Test
    void closingEndsAWaitingSnapshotAndLetsGoOfTheState() {
        propose(1);
        CompletableFuture<SnapshotMeta> held = node.takeSnapshot();
        settleWithoutSnapshots();
        CompletableFuture<SnapshotMeta> waiting = node.takeSnapshot();
        assertThat(machine.snapshotsHeld).isEqualTo(1);
        node.close();
        assertThat(Outcome.failureOf(held)).isInstanceOf(NodeClosedException.class);
        assertThat(Outcome.failureOf(waiting)).isInstanceOf(NodeClosedException.class);
        assertThat(machine.snapshotsHeld).isZero();
        assertThat(Outcome.failureOf(node.takeSnapshot())).isInstanceOf(NodeClosedException.class);
    }

    @Test
    void aLargeStateStopsBeingWrittenWhenTheNodeIsClosed() {
        propose(1);
        CompletableFuture<SnapshotMeta> held = node.takeSnapshot();
        settleWithoutSnapshots();
        ((SnapshotWriter) snapshotWorker()).abandon();
        snapshotWorker().runOnce(group.nowNanos);
        assertThat(Outcome.failureOf(held))
                .isInstanceOf(SnapshotFailedException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void whoeverCancelsAFutureCancelsItForNobodyElse() {
        propose(1);
        CompletableFuture<SnapshotMeta> mine = node.takeSnapshot();
        CompletableFuture<SnapshotMeta> theirs = node.takeSnapshot();
        assertThat(mine.cancel(true)).isTrue();
        group.settle();
        assertThat(theirs).isCompleted();
    }
}
