package io.jangada.node;

import io.jangada.api.GroupId;
import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.config.Timing;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A group whose nodes are stepped by hand in virtual time, over a network that delivers at once. */
final class Group {
    static final long MILLISECOND = 1_000_000;

    /** Remembers what is proposed, in order. */
    static final class Journaling implements StateMachine<String> {
        final List<String> applied = new ArrayList<>();
        /** Whether it stands for a state machine with a store of its own, which outlives the process. */
        boolean durable;

        boolean givesSnapshots = true;
        long lastApplied;
        int restored;
        int snapshotsAsked;
        int snapshotsHeld;

        @Nullable
        Error failWith;

        @Override
        public String apply(long index, long term, byte[] command) {
            if (failWith != null) {
                throw failWith;
            }
            String text = new String(command, StandardCharsets.UTF_8);
            applied.add(text);
            return text + "#" + applied.size();
        }

        @Override
        public void batchApplied(long index) {
            lastApplied = index;
        }

        @Override
        public long lastApplied() {
            return durable ? lastApplied : 0;
        }

        @Override
        public Optional<StateSnapshot> snapshot() {
            snapshotsAsked++;
            if (!givesSnapshots) {
                return Optional.empty();
            }
            snapshotsHeld++;
            byte[] state = bytes(String.join(",", applied));
            return Optional.of(new StateSnapshot() {
                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(state);
                }

                @Override
                public void close() {
                    snapshotsHeld--;
                }
            });
        }

        @Override
        public void restore(long index, long term, InputStream state) throws IOException {
            String text = new String(state.readAllBytes(), StandardCharsets.UTF_8);
            applied.clear();
            if (!text.isEmpty()) {
                applied.addAll(Arrays.asList(text.split(",", -1)));
            }
            lastApplied = index;
            restored++;
        }
    }

    /** What the nodes of a group are started with besides their names. */
    record Setup(int size, Options options, SnapshotPolicy snapshots) {
        static Setup of(int size) {
            return new Setup(size, Options.DEFAULT, SnapshotPolicy.ON_REQUEST);
        }
    }

    final Map<NodeId, LocalNode<String>> nodes = new HashMap<>();
    final Map<NodeId, MemoryStorage> storages = new HashMap<>();
    final Map<NodeId, MemorySnapshots> snapshots = new HashMap<>();
    /** The membership that the transport of each node knows. */
    final Map<NodeId, Membership> told = new HashMap<>();

    /** The numbers of the data folders of those that have one. */
    final Map<NodeId, Long> incarnations = new HashMap<>();

    final Membership membership;
    private final Setup setup;
    private long runs;
    final Map<NodeId, Journaling> machines = new HashMap<>();
    final Set<NodeId> cutOff = new HashSet<>();
    Predicate<Message> lost = message -> false;
    private final Map<NodeId, MessageReceiver> receivers = new HashMap<>();
    private final Deque<Message> network = new ArrayDeque<>();
    long nowNanos = 1_000 * MILLISECOND;
    /** Messages that were not lost. */
    long sent;

    Group(int size, boolean forward) {
        this(new Setup(size, Options.DEFAULT.withForwarding(forward), SnapshotPolicy.ON_REQUEST));
    }

    Group(Setup setup) {
        this.setup = setup;
        List<NodeId> ids = new ArrayList<>();
        for (int i = 1; i <= setup.size(); i++) {
            ids.add(NodeId.of(i));
        }
        membership = Membership.ofVoters(ids);
        ids.forEach(this::add);
    }

    /** A node with empty disks; one that is no member from the start waits to be found. */
    LocalNode<String> add(NodeId id) {
        storages.put(id, new MemoryStorage());
        snapshots.put(id, new MemorySnapshots());
        machines.put(id, new Journaling());
        start(id);
        return node(id.value());
    }

    private void start(NodeId id) {
        Options options = setup.options().withIncarnation(incarnations.getOrDefault(id, 0L));
        Membership start = membership.isMember(id) ? membership : Membership.NONE;
        RaftConfig raft = new RaftConfig(
                id, start, Timing.DEFAULT, Limits.DEFAULT, new SnapshotLimits(10, 64, 100 << 20), options);
        NodeConfig config = NodeConfig.of(raft).withSnapshots(setup.snapshots());
        nodes.put(id, LocalNode.assemble(config, ports(id), machine(id), ++runs));
    }

    /** Stops a node and starts it on what its disk holds; a state machine without a store of its own begins with nothing. */
    LocalNode<String> restart(NodeId id) {
        node(id.value()).close();
        if (!machine(id).durable) {
            machines.put(id, new Journaling());
        }
        start(id);
        return node(id.value());
    }

    private LocalNode.Ports ports(NodeId id) {
        MemoryStorage storage = storages.get(id);
        if (storage == null) {
            throw new IllegalStateException("no storage for " + id);
        }
        return new LocalNode.Ports(storage, snapshots(id), transportOf(id), () -> nowNanos);
    }

    private Transport transportOf(NodeId id) {
        return new Transport() {
            @Override
            public void register(GroupId group, MessageReceiver receiver) {
                receivers.put(id, receiver);
            }

            @Override
            public void send(GroupId group, Message message) {
                if (!cutOff.contains(message.from()) && !cutOff.contains(message.to()) && !lost.test(message)) {
                    network.add(message);
                    sent++;
                }
            }

            @Override
            public void members(GroupId group, Membership present) {
                told.put(id, present);
            }

            @Override
            public void close() {}
        };
    }

    LocalNode<String> node(long id) {
        LocalNode<String> node = nodes.get(NodeId.of(id));
        if (node == null) {
            throw new IllegalStateException("no node " + id);
        }
        return node;
    }

    MemorySnapshots snapshots(NodeId id) {
        MemorySnapshots store = snapshots.get(id);
        if (store == null) {
            throw new IllegalStateException("no snapshots of " + id);
        }
        return store;
    }

    MemoryStorage storage(NodeId id) {
        MemoryStorage storage = storages.get(id);
        if (storage == null) {
            throw new IllegalStateException("no storage of " + id);
        }
        return storage;
    }

    Journaling machine(NodeId id) {
        Journaling machine = machines.get(id);
        if (machine == null) {
            throw new IllegalStateException("no state machine of " + id);
        }
        return machine;
    }

    /** Lets everything that can happen now happen. */
    void settle() {
        for (int quiet = 0; quiet < 3; ) {
            Message message = network.poll();
            if (message == null) {
                List.copyOf(nodes.values()).forEach(node -> node.workers().forEach(worker -> worker.runOnce(nowNanos)));
                quiet = network.isEmpty() ? quiet + 1 : 0;
            } else {
                MessageReceiver receiver = receivers.get(message.to());
                if (receiver != null) {
                    receiver.receive(message);
                }
                quiet = 0;
            }
        }
    }

    /** Connects every node with every other one, which say the numbers of their folders. */
    void connectAll() {
        receivers.forEach((id, receiver) -> nodes.keySet().forEach(peer -> {
            if (!peer.equals(id)) {
                receiver.peerConnected(peer, incarnations.getOrDefault(peer, 0L));
            }
        }));
    }

    /** Delivers a message once more. */
    void redeliver(Message message) {
        network.add(message);
    }

    void pass(long milliseconds) {
        for (long passed = 0; passed < milliseconds; passed += 10) {
            nowNanos += 10 * MILLISECOND;
            settle();
        }
    }

    /** Lets time pass until somebody leads. */
    LocalNode<String> elect() {
        for (int i = 0; i < 1_000; i++) {
            pass(10);
            for (LocalNode<String> node : nodes.values()) {
                if (node.status().raft().leads()
                        && !cutOff.contains(node.status().raft().self())) {
                    settle();
                    return node;
                }
            }
        }
        throw new AssertionError("no leader within 10 s");
    }

    LocalNode<String> followerOf(LocalNode<String> leader) {
        return nodes.values().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
