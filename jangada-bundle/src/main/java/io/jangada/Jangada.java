package io.jangada;

import io.jangada.api.ClusterId;
import io.jangada.api.RaftNode;
import io.jangada.api.StateMachine;
import io.jangada.api.spi.Clock;
import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.config.Timing;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.node.LocalNode;
import io.jangada.node.NodeConfig;
import io.jangada.node.SnapshotPolicy;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import io.jangada.storage.SnapshotOptions;
import io.jangada.transport.AddressReader;
import io.jangada.transport.TcpTransport;
import io.jangada.transport.TransportConfig;
import io.jangada.transport.TransportLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A replicated state machine in one call: names the nodes and the folder, starts this node's log, connections and threads.
 *
 * <pre>{@code
 * RaftNode<Long> node = Jangada.builder(new Counter())
 *         .self(NodeId.of(1), "10.0.0.1:7000")
 *         .peer(NodeId.of(2), "10.0.0.2:7000")
 *         .peer(NodeId.of(3), "10.0.0.3:7000")
 *         .directory(Path.of("counter-1"))
 *         .start();
 * }</pre>
 *
 * @param <R> the result of a command
 */
public final class Jangada<R> {
    private final StateMachine<R> stateMachine;
    /** Where each node of the group is reached, this one too. */
    private final Map<NodeId, String> addresses = new HashMap<>();

    private ClusterId cluster = new ClusterId(1);
    private @Nullable NodeId self;
    private @Nullable String listen;
    private Folder folder = new Folder(null, LogOptions.DEFAULT);
    private Timing timing = Timing.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private Snapshots snapshots =
            new Snapshots(SnapshotPolicy.DEFAULT, SnapshotLimits.DEFAULT, SnapshotOptions.DEFAULT);
    private Duration requestTimeout = Duration.ofSeconds(5);
    private Options options = Options.DEFAULT;
    private @Nullable Membership membership;
    private AddressReader addressReader = AddressReader.HOST_AND_PORT;
    private Consumer<String> whenDisowned = why -> {};

    /** When snapshots are taken, what stays behind them and how they are sent, and how they are kept. */
    private record Snapshots(SnapshotPolicy policy, SnapshotLimits limits, SnapshotOptions files) {}

    /** Where the log goes, and how it is kept there. */
    private record Folder(@Nullable Path path, LogOptions options) {}

    private Jangada(StateMachine<R> stateMachine) {
        this.stateMachine = stateMachine;
    }

    /** Begins the description of a node that replicates this state machine. */
    public static <R> Jangada<R> builder(StateMachine<R> stateMachine) {
        return new Jangada<>(stateMachine);
    }

    /** The identity of the cluster, the same on all its nodes; 1 unless said otherwise. Nodes of different clusters refuse each other. */
    public Jangada<R> cluster(ClusterId id) {
        cluster = id;
        return this;
    }

    /** This node: its identity, for ever, and where its peers reach it, as {@code host:port}. Required. It listens there too, unless {@link #listen} says otherwise. */
    public Jangada<R> self(NodeId id, String address) {
        self = id;
        name(id, address);
        return this;
    }

    /** Where this node listens, if that is not where its peers reach it: {@code 0.0.0.0:7000} for all addresses of the machine. */
    public Jangada<R> listen(String address) {
        listen = checked(address);
        return this;
    }

    /** Another node of the group and where to reach it, as {@code host:port}. All nodes that start a group name all others, with the same addresses. */
    public Jangada<R> peer(NodeId id, String address) {
        name(id, address);
        return this;
    }

    private void name(NodeId id, String address) {
        if (addresses.putIfAbsent(id, checked(address)) != null) {
            throw new IllegalArgumentException("node " + id + " is named twice");
        }
    }

    /**
     * This node belongs to no group yet: it waits until the leader of one adds it ({@link RaftNode#changeMembership}). Peers need not be named. After that its folder
     * says what it belongs to, whether it is started with this or without.
     */
    public Jangada<R> join() {
        membership = Membership.NONE;
        return this;
    }

    /**
     * The membership that the group was started with, the same on all nodes that start it, in place of what {@link #self} and {@link #peer} say; for members of whom more
     * is known than where they are reached. {@link Membership#NONE} is {@link #join}.
     */
    public Jangada<R> membership(Membership initial) {
        membership = initial;
        return this;
    }

    /** Finds {@code host:port} in the address that a membership has of a member, if that is more than it; gives null if there is none. Any thread; must be quick. */
    public Jangada<R> addressReader(Function<String, @Nullable String> reader) {
        addressReader = text -> {
            String address = reader.apply(text);
            return address == null ? null : AddressReader.HOST_AND_PORT.read(address);
        };
        return this;
    }

    /**
     * Called with the reason when another member says that it knows this node by another data folder: its disk was wiped or exchanged, and only removing it from the group
     * and adding a new member helps. On a thread of the transport, maybe often.
     */
    public Jangada<R> whenDisowned(Consumer<String> action) {
        whenDisowned = action;
        return this;
    }

    /** The folder of this node's log and snapshots; made if it is not there. Required. */
    public Jangada<R> directory(Path path) {
        folder = new Folder(path, folder.options());
        return this;
    }

    /**
     * With less room than this on the folder's file system the node takes no commands ({@link io.jangada.api.error.OverloadedException}) until there is more again; 256 MiB unless said
     * otherwise. Two segments of the log and a snapshot are kept in any case.
     */
    public Jangada<R> diskReserve(long bytes) {
        folder = new Folder(folder.path(), folder.options().withReserveBytes(bytes));
        return this;
    }

    /** Heartbeats and election timeouts, the same on all nodes. */
    public Jangada<R> timing(Timing value) {
        timing = value;
        return this;
    }

    /** What this node may hold at most; the sizes of commands and messages must be the same on all nodes. */
    public Jangada<R> limits(Limits value) {
        limits = value;
        return this;
    }

    /** How long a request may wait; 5 s unless said otherwise. */
    public Jangada<R> requestTimeout(Duration value) {
        requestTimeout = value;
        return this;
    }

    /** Whether a follower hands commands and changes on to the leader (unless said otherwise, it does) or refuses them with the leader's identity. */
    public Jangada<R> forwardProposals(boolean value) {
        options = options.withForwarding(value);
        return this;
    }

    /** Whether reads with {@link io.jangada.api.ReadLevel#LEASE} may rest on the clocks of the nodes; not, unless said otherwise. The same on all nodes. */
    public Jangada<R> leaseReads(boolean value) {
        options = options.withLeaseReads(value);
        return this;
    }

    /** When this node takes snapshots, if its state machine gives any. */
    public Jangada<R> snapshots(SnapshotPolicy policy) {
        snapshots = new Snapshots(policy, snapshots.limits(), snapshots.files());
        return this;
    }

    /** How many entries stay behind a snapshot, and how snapshots are sent to others. */
    public Jangada<R> snapshotLimits(SnapshotLimits value) {
        snapshots = new Snapshots(snapshots.policy(), value, snapshots.files());
        return this;
    }

    /** How many of the newest snapshots stay in the folder, at least 1; 2 unless said otherwise. One that is being sent or restored from stays besides. */
    public Jangada<R> retainedSnapshots(int number) {
        snapshots = new Snapshots(
                snapshots.policy(), snapshots.limits(), snapshots.files().withRetained(number));
        return this;
    }

    /**
     * Opens the folder, connects and starts. Returns at once; requests wait until a leader is elected.
     *
     * @throws IOException if the folder or the address cannot be used; the message says why and what to do
     * @throws IllegalStateException if something required was not said
     */
    public RaftNode<R> start() throws IOException {
        if (self == null) {
            throw new IllegalStateException("which node is this? Say it with self(id, \"host:port\")");
        }
        Path directory = folder.path();
        if (directory == null) {
            throw new IllegalStateException("where does the log go? Say it with directory(path)");
        }
        SegmentedLog log = SegmentedLog.open(directory, new LogIdentity(cluster, self), folder.options());
        try {
            SnapshotFiles files = SnapshotFiles.open(log, snapshots.files());
            try {
                return start(self, log, files);
            } catch (IOException | RuntimeException e) {
                closeAfter(e, files);
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            closeAfter(e, log);
            throw e;
        }
    }

    private RaftNode<R> start(NodeId id, SegmentedLog log, SnapshotFiles files) throws IOException {
        NodeConfig config = nodeConfig(id, log.incarnation());
        TcpTransport transport = TcpTransport.start(transportConfig(id, log.incarnation()));
        try {
            LocalNode.Ports ports = new LocalNode.Ports(log, files, transport, Clock.SYSTEM);
            LocalNode<R> node = LocalNode.assemble(config, ports, stateMachine, new SecureRandom().nextLong());
            return new RunningNode<>(node.start(), transport, files, log);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private TransportConfig transportConfig(NodeId id, long incarnation) {
        Map<NodeId, InetSocketAddress> peers = new HashMap<>();
        addresses.forEach((node, address) -> peers.put(node, parse(address)));
        InetSocketAddress reached = parse(addresses.getOrDefault(id, ""));
        TransportConfig config = TransportConfig.of(cluster, id, listen == null ? reached : parse(listen), peers)
                .withLimits(TransportLimits.fitting(limits, snapshots.limits()))
                .withAddresses(addressReader)
                .withWhenDisowned(whenDisowned)
                .withIncarnation(incarnation);
        return listen == null ? config : config.withAdvertised(reached);
    }

    private NodeConfig nodeConfig(NodeId id, long incarnation) {
        Membership initial = membership == null ? Membership.ofVoters(described()) : membership;
        RaftConfig raft =
                new RaftConfig(id, initial, timing, limits, snapshots.limits(), options.withIncarnation(incarnation));
        return NodeConfig.of(raft).withRequestTimeout(requestTimeout).withSnapshots(snapshots.policy());
    }

    /** The members with their addresses. One that listens everywhere has said nothing of where it is reached; its peers know better. */
    private Map<NodeId, MemberInfo> described() {
        Map<NodeId, MemberInfo> members = new HashMap<>();
        addresses.forEach((node, address) -> members.put(
                node, address.matches("(0\\.0\\.0\\.0|\\[::]):.*") ? MemberInfo.UNKNOWN : MemberInfo.at(address)));
        return members;
    }

    private static String checked(String address) {
        parse(address);
        return address;
    }

    private static void closeAfter(Exception cause, AutoCloseable opened) {
        try {
            opened.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }

    private static InetSocketAddress parse(String address) {
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException(
                    "\"" + address + "\" is not an address; write host:port, as in 10.0.0.1:7000");
        }
        return InetSocketAddress.createUnresolved(address.substring(0, colon), Integer.parseInt(port));
    }
}
