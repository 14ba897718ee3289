package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.GroupId;
import io.jangada.api.spi.Clock;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Timing;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing of a node is static or global: two groups live in three processes, and in each they share the transport and the threads. */
@Timeout(60)
class TwoGroupsTest {
    private static final GroupId ORDERS = new GroupId(7);
    private static final GroupId USERS = new GroupId(8);
    private static final Membership MEMBERSHIP = Membership.ofVoters(NodeId.of(1), NodeId.of(2), NodeId.of(3));

    /** What the transports of all processes hang on. */
    private final Map<NodeId, Place> network = new ConcurrentHashMap<>();

    /** One process: one transport and one pool of threads, and a node of each group. */
    private final class Place implements Transport {
        final NodeId id;
        final WorkerPool pool;
        final Map<GroupId, MessageReceiver> receivers = new ConcurrentHashMap<>();
        final Map<GroupId, LocalNode<String>> nodes = new ConcurrentHashMap<>();
        final Map<GroupId, Group.Journaling> machines = new ConcurrentHashMap<>();

        Place(NodeId id) {
            this.id = id;
            this.pool = WorkerPool.start("process-" + id, new WorkerPool.Sizes(1, 2, 1));
        }

        void open(GroupId group) {
            RaftConfig raft =
                    new RaftConfig(id, MEMBERSHIP, Timing.ofMillis(20, 300, 600), Limits.DEFAULT, Options.DEFAULT);
            NodeConfig config =
                    NodeConfig.of(raft).withGroup(group).withSnapshots(new SnapshotPolicy(50, Long.MAX_VALUE));
            Group.Journaling machine = new Group.Journaling();
            machines.put(group, machine);
            LocalNode.Ports ports = new LocalNode.Ports(new MemoryStorage(), new MemorySnapshots(), this, Clock.SYSTEM);
            LocalNode<String> node = LocalNode.assemble(config, ports, machine, id.value() * 31 + group.value());
            nodes.put(group, node.start(pool));
        }

        LocalNode<String> node(GroupId group) {
            LocalNode<String> node = nodes.get(group);
            if (node == null) {
                throw new IllegalStateException("no node of group " + group);
            }
            return node;
        }

        Group.Journaling machine(GroupId group) {
            Group.Journaling machine = machines.get(group);
            if (machine == null) {
                throw new IllegalStateException("no state machine of group " + group);
            }
            return machine;
        }

        @Override
        public void register(GroupId group, MessageReceiver receiver) {
            receivers.put(group, receiver);
        }

        @Override
        public void send(GroupId group, Message message) {
            Place target = network.get(message.to());
            MessageReceiver receiver = target == null ? null : target.receivers.get(group);
            if (receiver != null) {
                receiver.receive(message);
            }
        }

        @Override
        public void members(GroupId group, Membership membership) {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void open() {
        MEMBERSHIP.voters().forEach(id -> network.put(id, new Place(id)));
        network.values().forEach(process -> {
            process.open(ORDERS);
            process.open(USERS);
        });
    }

    @AfterEach
    void close() {
        network.values().forEach(process -> process.nodes.values().forEach(LocalNode::close));
        network.values().forEach(process -> process.pool.close());
    }

    private Place place(long id) {
        Place place = network.get(NodeId.of(id));
        if (place == null) {
            throw new IllegalStateException("no process " + id);
        }
        return place;
    }

    private List<String> proposeEverywhere(GroupId group, String what, int times) throws Exception {
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            for (Place process : network.values()) {
                all.add(process.node(group).propose(Group.bytes(what)));
            }
        }
        List<String> results = new ArrayList<>();
        for (CompletableFuture<String> one : all) {
            results.add(one.get(20, TimeUnit.SECONDS));
        }
        return results;
    }

    private static List<String> read(Place process, GroupId group) throws Exception {
        Group.Journaling machine = process.machine(group);
        return process.node(group).read(() -> List.copyOf(machine.applied)).get(20, TimeUnit.SECONDS);
    }

    @Test
    void eachGroupHasItsOwnLogLeaderAndState() throws Exception {
        assertThat(proposeEverywhere(ORDERS, "order", 60)).hasSize(180).doesNotHaveDuplicates();
        assertThat(proposeEverywhere(USERS, "user", 40)).hasSize(120).doesNotHaveDuplicates();
        for (Place process : network.values()) {
            assertThat(read(process, ORDERS)).hasSize(180).containsOnly("order");
            assertThat(read(process, USERS)).hasSize(120).containsOnly("user");
        }
    }

    @Test
    void aGroupThatIsClosedOrFailsLeavesTheOtherAlone() throws Exception {
        assertThat(proposeEverywhere(ORDERS, "order", 1)).hasSize(3);
        Place first = place(1);
        first.node(ORDERS).close();
        Place second = place(2);
        second.machine(ORDERS).failWith = new AssertionError("broken");
        CompletableFuture<String> failing = second.node(ORDERS).propose(Group.bytes("order"));
        assertThatThrownBy(() -> failing.get(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(proposeEverywhere(USERS, "user", 20)).hasSize(60);
    }

    @Test
    void allWorkersOfAProcessRunOnTheThreadsOfItsPool() throws Exception {
        Place first = place(1);
        for (GroupId group : List.of(ORDERS, USERS)) {
            String thread = first.node(group)
                    .read(() -> Thread.currentThread().getName())
                    .get(20, TimeUnit.SECONDS);
            assertThat(thread).startsWith("process-1-disk-");
        }
        CompletableFuture<Boolean> closing = first.node(USERS).read(() -> {
            first.node(USERS).close();
            return true;
        });
        assertThatThrownBy(() -> closing.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
    }
}
