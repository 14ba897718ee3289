package io.jangada;

import io.jangada.api.ClusterId;
import io.jangada.api.RaftNode;
import io.jangada.api.StateMachine;
import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.config.Timing;
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
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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
    private final Map<NodeId, InetSocketAddress> peers = new HashMap<>();
    private ClusterId cluster = new ClusterId(1);
    private @Nullable NodeId self;
    private @Nullable InetSocketAddress listen;
    private @Nullable Path directory;
    private Timing timing = Timing.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private Duration requestTimeout = Duration.ofSeconds(5);
    private boolean forwardProposals = true;
    private @Nullable Membership membership;
    private @Nullable InetSocketAddress advertised;
    private AddressReader addresses = AddressReader.HOST_AND_PORT;
    private SnapshotPolicy snapshots = SnapshotPolicy.DEFAULT;
    private SnapshotLimits snapshotLimits = SnapshotLimits.DEFAULT;

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

    /** This node: its identity, for ever, and where it listens for its peers, as {@code host:port}. Required. */
    public Jangada<R> self(NodeId id, String address) {
        self = id;
        listen = parse(address);
        return this;
    }

    /** Another node of the group and where to reach it, as {@code host:port}. All nodes name all others. */
    public Jangada<R> peer(NodeId id, String address) {
        if (peers.putIfAbsent(id, parse(address)) != null) {
            throw new IllegalArgumentException("node " + id + " is named twice");
        }
        return this;
    }

    /**
     * The membership with which the group was started, in place of what {@link #self} and {@link #peer} say: the same on all nodes that start it, and {@link
     * Membership#NONE} on one that joins it later, after it was added by a membership change. What the log says overrides it.
     */
    public Jangada<R> membership(Membership initial) {
        membership = initial;
        return this;
    }

    /** How the address that a membership has of a member is read, unless it is plainly {@code host:port}: gives that, or null if there is none in it. */
    public Jangada<R> addresses(Function<String, @Nullable String> reader) {
        addresses = text -> {
            String address = reader.apply(text);
            return address == null ? null : AddressReader.HOST_AND_PORT.read(address);
        };
        return this;
    }

    /** Where the others reach this node, as {@code host:port}, if not where it listens. */
    public Jangada<R> advertise(String address) {
        advertised = parse(address);
        return this;
    }

    /** Takes a snapshot after so many entries or so many bytes of log, whichever comes first; 100,000 and 64 MiB unless said otherwise. */
    public Jangada<R> snapshotEvery(long entries, long bytes) {
        snapshots = new SnapshotPolicy(entries, bytes);
        return this;
    }

    /** What stays in the log beside a snapshot, and how snapshots are sent. */
    public Jangada<R> snapshotLimits(SnapshotLimits value) {
        snapshotLimits = value;
        return this;
    }

    /** The folder of this node's log and snapshots; made if it is not there. Required. */
    public Jangada<R> directory(Path folder) {
        directory = folder;
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

    /** Whether a follower hands commands on to the leader (unless said otherwise, it does) or refuses them with the leader's identity. */
    public Jangada<R> forwardProposals(boolean value) {
        forwardProposals = value;
        return this;
    }

    /**
     * Opens the log, connects and starts. Returns at once; requests wait until a leader is elected.
     *
     * @throws IOException if the folder or the address cannot be used; the message says why and what to do
     * @throws IllegalStateException if something required was not said
     */
    public RaftNode<R> start() throws IOException {
        if (self == null || listen == null) {
            throw new IllegalStateException("which node is this? Say it with self(id, \"host:port\")");
        }
        if (directory == null) {
            throw new IllegalStateException("where does the log go? Say it with directory(path)");
        }
        if (peers.containsKey(self)) {
            throw new IllegalStateException("node " + self + " is both this node and a peer");
        }
        SegmentedLog storage = SegmentedLog.open(directory, new LogIdentity(cluster, self), LogOptions.DEFAULT);
        try {
            return start(self, listen, storage);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, storage::close);
            throw e;
        }
    }

    private RaftNode<R> start(NodeId id, InetSocketAddress listenAt, SegmentedLog storage) throws IOException {
        SnapshotFiles files = SnapshotFiles.open(storage, SnapshotOptions.DEFAULT);
        try {
            TcpTransport transport = TcpTransport.start(transportConfig(id, listenAt, storage.incarnation()));
            try {
                LocalNode.Ports ports = new LocalNode.Ports(storage, files, transport, System::nanoTime);
                LocalNode<R> node = LocalNode.assemble(
                        nodeConfig(id, storage.incarnation()), ports, stateMachine, new SecureRandom().nextLong());
                return new RunningNode<>(node.start(), transport, files, storage);
            } catch (RuntimeException e) {
                transport.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            closeAfter(e, files::close);
            throw e;
        }
    }

    private TransportConfig transportConfig(NodeId id, InetSocketAddress listenAt, long incarnation) {
        TransportConfig config = TransportConfig.of(cluster, id, listenAt, peers)
                .withLimits(TransportLimits.fitting(limits, snapshotLimits))
                .withAddresses(addresses)
                .withIncarnation(incarnation);
        return advertised == null ? config : config.withAdvertised(advertised);
    }

    private NodeConfig nodeConfig(NodeId id, long incarnation) {
        Set<NodeId> voters = new HashSet<>(peers.keySet());
        voters.add(id);
        RaftConfig raft = new RaftConfig(
                id,
                membership == null ? Membership.ofVoters(voters) : membership,
                timing,
                limits,
                snapshotLimits,
                Options.DEFAULT.withForwarding(forwardProposals).withIncarnation(incarnation));
        return NodeConfig.of(raft).withRequestTimeout(requestTimeout).withSnapshots(snapshots);
    }

    private static void closeAfter(Exception cause, Closeable opened) {
        try {
            opened.close();
        } catch (IOException e) {
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
