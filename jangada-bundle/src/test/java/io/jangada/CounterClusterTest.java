package io.jangada;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.ClusterId;
import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.StateMachine;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CounterClusterTest {

    private static final class Counter implements StateMachine<Long> {
        private long value;

        @Override
        public Long apply(long index, long term, byte[] command) {
            value += ByteBuffer.wrap(command).getLong();
            return value;
        }
    }

    private final Path folder;
    private final List<String> addresses = new ArrayList<>();
    private final List<Counter> counters = new ArrayList<>();
    private final List<RaftNode<Long>> nodes = new ArrayList<>();

    CounterClusterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            reserved.add(socket);
            addresses.add("127.0.0.1:" + socket.getLocalPort());
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        for (int i = 0; i < 3; i++) {
            counters.add(new Counter());
            nodes.add(startNode(i, new ClusterId(7)));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(RaftNode::close);
    }

    private RaftNode<Long> startNode(int i, ClusterId cluster) throws IOException {
        Jangada<Long> builder =
                Jangada.builder(counters.get(i)).cluster(cluster).directory(folder.resolve("node" + i));
        for (int peer = 0; peer < 3; peer++) {
            NodeId id = NodeId.of(peer + 1);
            if (peer == i) {
                builder.self(id, addresses.get(peer));
            } else {
                builder.peer(id, addresses.get(peer));
            }
        }
        return builder.start();
    }

    private static byte[] add(long amount) {
        return ByteBuffer.allocate(8).putLong(amount).array();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void everyNodeTakesCommandsAndAnswersReads() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertThat(get(nodes.get(i % 3).propose(add(1)))).isEqualTo(i + 1);
        }
        for (int i = 0; i < 3; i++) {
            Counter counter = counters.get(i);
            assertThat(get(nodes.get(i).read(() -> counter.value))).isEqualTo(30);
        }
    }

    @Test
    void aNodeThatWasAwayRebuildsItsStateFromItsLogAndCatchesUp() throws Exception {
        get(nodes.get(0).propose(add(5)));
        int away = nodes.get(0).status().raft().leads() ? 1 : 0;
        nodes.get(away).close();
        int other = (away + 1) % 3;
        for (int i = 0; i < 100; i++) {
            get(nodes.get(other).propose(add(1)));
        }
        counters.set(away, new Counter());
        nodes.set(away, startNode(away, new ClusterId(7)));
        Counter restarted = counters.get(away);
        assertThat(get(nodes.get(away).read(() -> restarted.value))).isEqualTo(105);
    }

    @Test
    void everythingSurvivesAStopOfAllNodes() throws Exception {
        for (int i = 0; i < 20; i++) {
            get(nodes.get(0).propose(add(1)));
        }
        nodes.forEach(RaftNode::close);
        for (int i = 0; i < 3; i++) {
            counters.set(i, new Counter());
            nodes.set(i, startNode(i, new ClusterId(7)));
        }
        Counter first = counters.get(0);
        assertThat(get(nodes.get(0).read(() -> first.value))).isEqualTo(20);
    }

    @Test
    void aFolderOfAnotherClusterIsRefused() {
        nodes.get(2).close();
        assertThatThrownBy(() -> startNode(2, new ClusterId(8)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("node2");
    }

    @Test
    void closingInACallbackIsRefusedAndHarmsNothing() throws Exception {
        RaftNode<Long> node = nodes.get(0);
        CompletableFuture<Boolean> closing = node.read(() -> {
            node.close();
            return true;
        });
        assertThatThrownBy(() -> get(closing)).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(get(node.propose(add(3)))).isEqualTo(3);
    }

    @Test
    void aClosedNodeSaysSo() {
        nodes.get(2).close();
        assertThat(nodes.get(2).status().health()).isEqualTo(NodeStatus.Health.CLOSED);
    }
}
