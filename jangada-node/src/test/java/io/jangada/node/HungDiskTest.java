package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.DiskStatus;
import io.jangada.api.GroupId;
import io.jangada.api.NodeStatus;
import io.jangada.api.NodeStatus.Health;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.Clock;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.api.spi.Transport;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.message.Message;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SnapshotMeta;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Disks that neither work nor fail (trap 45): what a node says of them, and what it goes on with. */
class HungDiskTest {
    private static final NodeId FIRST = NodeId.of(1);
    private static final int JOURNAL = 1;

    private final Group group = new Group(new Group.Setup(1, Options.DEFAULT, SnapshotPolicy.ON_REQUEST));
    private final LocalNode<String> node = group.elect();

    /** Time passes, and everything but the journal runs: it waits in a call. */
    private void passWithoutTheLog(long milliseconds) {
        for (long passed = 0; passed < milliseconds; passed += 50) {
            group.nowNanos += 50 * Group.MILLISECOND;
            for (int worker = 0; worker < node.workers().size(); worker++) {
                if (worker != JOURNAL) {
                    node.workers().get(worker).runOnce(group.nowNanos);
                }
            }
        }
    }

    @Test
    void theStatusTellsForHowLongTheLogHangsAndWhatWaitsUntilItWorksAgain() {
        List<DiskStatus> heard = new ArrayList<>();
        node.onStatusChange(status -> heard.add(status.disk()));
        CompletableFuture<String> a = node.propose(Group.bytes("a"));
        passWithoutTheLog(1_900);
        assertThat(node.status().disk()).isEqualTo(DiskStatus.WELL);
        CompletableFuture<String> b = node.propose(Group.bytes("b"));
        passWithoutTheLog(1_000);
        NodeStatus hung = node.status();
        assertThat(hung.health()).isEqualTo(Health.RUNNING);
        assertThat(hung.disk().stall().waitingWrites()).isEqualTo(2);
        assertThat(hung.disk().stall().forNanos()).isGreaterThan(2_000 * Group.MILLISECOND);
        group.settle();
        assertThat(node.status().disk()).isEqualTo(DiskStatus.WELL);
        assertThat(a).isCompleted();
        assertThat(b).isCompleted();
        assertThat(heard).hasSize(3);
        assertThat(heard.get(1).stall().isThere()).isTrue();
        assertThat(heard.get(2).stall().isThere()).isFalse();
    }

    /** A store whose calls come back when the latch opens. */
    private record Hanging(SnapshotStore store, CountDownLatch entered, CountDownLatch open) implements SnapshotStore {

        @Override
        public SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state)
                throws IOException {
            entered.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return store.take(index, term, membership, state);
        }

        @Override
        public Optional<SnapshotMeta> newest() {
            return store.newest();
        }

        @Override
        public byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) throws IOException {
            return store.read(snapshot, offset, maxBytes);
        }

        @Override
        public Staged stage(SnapshotRequest piece) throws IOException {
            return store.stage(piece);
        }

        @Override
        public InputStream open(SnapshotMeta snapshot) throws IOException {
            return store.open(snapshot);
        }

        @Override
        public void close() {}
    }

    /** Of a group of one. */
    private static final class NoPeers implements Transport {
        @Override
        public void register(GroupId id, MessageReceiver receiver) {}

        @Override
        public void send(GroupId id, Message message) {}

        @Override
        public void members(GroupId id, Membership present) {}

        @Override
        public void close() {}
    }

    /** With real threads: the snapshot's waits in a call, and nobody else does. */
    @Test
    void aSnapshotThatHangsHoldsUpNothingElse() throws Exception {
        Hanging store = new Hanging(new MemorySnapshots(), new CountDownLatch(1), new CountDownLatch(1));
        LocalNode.Ports ports = new LocalNode.Ports(new MemoryStorage(), store, new NoPeers(), Clock.SYSTEM);
        NodeConfig config = NodeConfig.of(RaftConfig.of(FIRST, Membership.ofVoters(FIRST)));
        try (LocalNode<String> real =
                LocalNode.assemble(config, ports, new Group.Journaling(), 1).start()) {
            assertThat(real.propose(Group.bytes("a")).get(10, TimeUnit.SECONDS)).isEqualTo("a#1");
            CompletableFuture<SnapshotMeta> taken = real.takeSnapshot();
            assertThat(store.entered().await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(real.propose(Group.bytes("b")).get(10, TimeUnit.SECONDS)).isEqualTo("b#2");
            assertThat(real.readBarrier().get(10, TimeUnit.SECONDS)).isPositive();
            assertThat(real.status().health()).isEqualTo(Health.RUNNING);
            assertThat(taken).isNotDone();
            store.open().countDown();
            assertThat(taken.get(10, TimeUnit.SECONDS).index()).isPositive();
        }
    }
}
