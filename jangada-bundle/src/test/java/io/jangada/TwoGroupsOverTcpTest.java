package io.jangada;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.api.GroupId;
import io.jangada.api.spi.Clock;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.node.LocalNode;
import io.jangada.node.NodeConfig;
import io.jangada.node.WorkerPool;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import io.jangada.transport.TcpTransport;
import io.jangada.transport.TransportConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two groups with real files, in each of three processes on one real transport and one pool of threads. */
@Timeout(60)
class TwoGroupsOverTcpTest {
    private static final ClusterId CLUSTER = new ClusterId(21);
    private static final GroupId ORDERS = new GroupId(7);
    private static final GroupId USERS = new GroupId(8);

    private final Path folder;
    private final Map<NodeId, InetSocketAddress> addresses = new HashMap<>();
    private final List<Host> processes = new ArrayList<>();

    /** What one process shares among its groups. */
    private final class Host {
        final NodeId id;
        final TcpTransport transport;
        final WorkerPool pool;
        final Map<GroupId, LocalNode<String>> nodes = new HashMap<>();
        final Map<GroupId, Registers> registers = new HashMap<>();
        final Deque<AutoCloseable> opened = new ArrayDeque<>();

        Host(NodeId id, InetSocketAddress listen) throws IOException {
            this.id = id;
            transport = TcpTransport.start(TransportConfig.of(CLUSTER, id, listen, addresses));
            pool = WorkerPool.start("process-" + id, new WorkerPool.Sizes(1, 2, 1));
            open(ORDERS);
            open(USERS);
        }

        private void open(GroupId group) throws IOException {
            Path place = folder.resolve("process-" + id + "-group-" + group);
            SegmentedLog log = SegmentedLog.open(place, new LogIdentity(CLUSTER, id), LogOptions.DEFAULT);
            opened.push(log);
            SnapshotFiles snapshots = SnapshotFiles.open(log, SnapshotOptions.DEFAULT);
            opened.push(snapshots);
            RaftConfig raft = RaftConfig.of(id, Membership.ofVoters(addresses.keySet()));
            LocalNode.Ports ports = new LocalNode.Ports(log, snapshots, transport, Clock.SYSTEM);
            Registers machine = new Registers();
            NodeConfig config = NodeConfig.of(raft).withGroup(group);
            nodes.put(
                    group,
                    LocalNode.assemble(config, ports, machine, id.value() * 31 + group.value())
                            .start(pool));
            registers.put(group, machine);
        }

        LocalNode<String> node(GroupId group) {
            LocalNode<String> node = nodes.get(group);
            return Objects.requireNonNull(node);
        }

        String text(GroupId group, String name) throws Exception {
            Registers machine = Objects.requireNonNull(registers.get(group));
            return node(group).read(() -> String.valueOf(machine.text(name))).get(20, TimeUnit.SECONDS);
        }

        void close() throws Exception {
            nodes.values().forEach(LocalNode::close);
            pool.close();
            transport.close();
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
    }

    TwoGroupsOverTcpTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        for (long id = 1; id <= 3; id++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            reserved.add(socket);
            addresses.put(NodeId.of(id), InetSocketAddress.createUnresolved("127.0.0.1", socket.getLocalPort()));
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        for (Map.Entry<NodeId, InetSocketAddress> address : addresses.entrySet()) {
            int port = address.getValue().getPort();
            processes.add(new Host(address.getKey(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Host process : processes) {
            process.close();
        }
    }

    @Test
    void eachGroupHasItsOwnStateOnSharedConnectionsAndThreads() throws Exception {
        for (int i = 0; i < 60; i++) {
            Host process = processes.get(i % 3);
            byte[] order = ("order" + i + "=paid").getBytes(StandardCharsets.UTF_8);
            byte[] user = ("user" + i + "=known").getBytes(StandardCharsets.UTF_8);
            assertThat(process.node(ORDERS).propose(order).get(20, TimeUnit.SECONDS))
                    .isEmpty();
            assertThat(process.node(USERS).propose(user).get(20, TimeUnit.SECONDS))
                    .isEmpty();
        }
        for (Host process : processes) {
            assertThat(process.text(ORDERS, "order59")).isEqualTo("paid");
            assertThat(process.text(USERS, "user59")).isEqualTo("known");
            assertThat(process.text(USERS, "order59")).isEqualTo("null");
        }
    }
}
