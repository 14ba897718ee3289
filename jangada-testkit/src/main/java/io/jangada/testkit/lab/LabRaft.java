package io.jangada.testkit.lab;

import io.jangada.api.GroupId;
import io.jangada.api.NodeStatus;
import io.jangada.core.RaftStatus;
import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.config.Timing;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.node.LocalNode;
import io.jangada.node.NodeConfig;
import io.jangada.node.SnapshotPolicy;
import io.jangada.storage.SegmentedLog;
import io.jangada.storage.SnapshotFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The Raft of the MIT labs: their interface in front of the production node.
 *
 * <p>Everything that decides is the node's: this class numbers commands, since the labs do not count the entries with which leaders begin their terms, and carries
 * messages over the lab's network. Any thread may call anything; nothing is called back under a lock.
 */
public final class LabRaft {
    /**
     * A leader that cannot be sure to lead holds a command for so long, in case it soon is, and then refuses it. In the labs it is to refuse at once. What it has taken into its log
     * is told in the same turn and needs no longer.
     */
    private static final Duration HOLD_AT_MOST = Duration.ofMillis(1);

    private static final SnapshotLimits SNAPSHOTS = new SnapshotLimits(0, 1 << 20, 1L << 30);
    private static final int INBOX_CAPACITY = 8_192;
    private static final int MAX_UNAPPLIED = 100_000;

    private final LabTime time;
    private final LocalNode<Long> node;
    private final ServiceFeed feed;
    private final CommandNumbers numbers;
    private final RpcTransport transport;
    private final ApplyChannel channel;
    private final Persister persister;
    private final SnapshotFiles snapshots;
    private final LabTime.RunningNode running;
    private final AtomicBoolean killed = new AtomicBoolean();

    private LabRaft(
            List<ClientEnd> peers,
            Persister persister,
            ApplyChannel channel,
            Duration pace,
            long restored,
            SegmentedLog log)
            throws IOException {
        LabNetwork network = peers.get(0).network();
        NodeId self = persister.node();
        this.time = network.time();
        this.persister = persister;
        this.channel = channel;
        this.numbers = new CommandNumbers(log);
        this.snapshots = Persister.openSnapshots(log);
        this.feed = new ServiceFeed(channel, numbers, restored);
        // In a group of three an append that the leader has on its disk is committed where it arrives: no news need
        // follow it.
        boolean durableFirst = !pace.isZero() && peers.size() == RpcTransport.SMALL_GROUP;
        this.transport = new RpcTransport(self, peers, pace.toNanos(), durableFirst);
        LocalNode.Ports ports = new LocalNode.Ports(numbers, snapshots, transport, time.clock());
        Timing timing = ElectionPace.of(peers.size(), pace, log.recovered());
        long seed = network.chance("raft " + peers.get(0).name()).next();
        this.node = LocalNode.assemble(config(self, peers.size(), timing, durableFirst), ports, feed, seed);
        this.running = time.start(node);
    }

    private static NodeConfig config(NodeId self, int servers, Timing timing, boolean durableFirst) {
        List<NodeId> all = new ArrayList<>();
        for (int server = 0; server < servers; server++) {
            all.add(Persister.nodeOf(server));
        }
        Options options =
                Options.DEFAULT.withForwarding(false).withEarlyStart(true).withDurableFirst(durableFirst);
        RaftConfig raft = new RaftConfig(self, Membership.ofVoters(all), timing, Limits.DEFAULT, SNAPSHOTS, options);
        return new NodeConfig(
                raft, GroupId.FIRST, HOLD_AT_MOST, INBOX_CAPACITY, MAX_UNAPPLIED, SnapshotPolicy.ON_REQUEST);
    }

    /**
     * Starts a server and returns at once: nothing waits for the channel to be read.
     *
     * @param peers an end to each server, in the order of their numbers; {@code peers.get(me)} is not used
     * @param me the number of this server, from 0
     * @param persister what this server has saved before; used by nobody else any more
     * @param channel where committed commands go, in order, from a thread of the node
     */
    public static LabRaft make(List<ClientEnd> peers, int me, Persister persister, ApplyChannel channel) {
        return make(peers, me, persister, channel, Duration.ZERO);
    }

    /** As {@link #make(List, int, Persister, ApplyChannel)}, with appends to one server not following each other faster than {@code pace}: fewer calls, later answers. */
    public static LabRaft make(
            List<ClientEnd> peers, int me, Persister persister, ApplyChannel channel, Duration pace) {
        if (me < 0 || me >= peers.size() || !persister.node().equals(Persister.nodeOf(me))) {
            throw new IllegalArgumentException("server " + me + " of " + peers.size() + " with the persister of server "
                    + (persister.node().value() - 1));
        }
        try {
            // First, since to open the log changes the disk, and the service has just read the same.
            long restored = persister.snapshotIndex();
            return new LabRaft(peers, persister, channel, pace, restored, persister.openLog());
        } catch (IOException e) {
            throw new UncheckedIOException("server " + me + " cannot open what it has saved", e);
        }
    }

    /** Asks for a command to be replicated, and returns at once. A true answer promises nothing: the leader may fail before the command is committed. */
    public Start start(byte[] command) {
        // Who does not lead would refuse. Asking it wakes two threads, and five clients ask five servers, all the time.
        return time.isReal() && !getState().isLeader() ? refusal() : time.await(startLater(command));
    }

    /** As {@link #start}, for callers that may not wait even for the node's own threads. */
    public CompletableFuture<Start> startLater(byte[] command) {
        CompletableFuture<CompletableFuture<Start>> told = new CompletableFuture<>();
        // Numbered on the node's thread, at once: a little later the log may have forgotten the place.
        var unused = node.propose(command.clone(), position -> told.complete(numbered(position)))
                .whenComplete((index, refused) -> told.complete(CompletableFuture.completedFuture(refusal())));
        return told.thenCompose(answer -> answer);
    }

    private CompletableFuture<Start> numbered(LogPosition position) {
        return numbers.of(position).thenApply(number -> number.map(index -> new Start(index, position.term(), true))
                .orElseGet(this::refusal));
    }

    private Start refusal() {
        return new Start(0, getState().term(), false);
    }

    /** The present term, and whether this server believes to lead. */
    public LabState getState() {
        NodeStatus status = node.status();
        RaftStatus raft = status.raft();
        return new LabState(raft.term(), raft.leads() && status.health() == NodeStatus.Health.RUNNING);
    }

    /** The service has a snapshot of all commands up to and including this one: the log may forget them. Returns at once. */
    public void snapshot(long index, byte[] bytes) {
        if (feed.snapshotUpTo(index, bytes)) {
            // A failure to write it stops nothing, the log stays as long as it is; the next one is another try.
            var unused = node.takeSnapshot();
        }
    }

    /** Stops this server; it does nothing any more, and its channel is closed. */
    public void kill() {
        if (!killed.compareAndSet(false, true)) {
            return;
        }
        transport.close();
        channel.close();
        running.stop();
        numbers.end();
        try {
            snapshots.close();
            numbers.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a killed server cannot close its files", e);
        }
    }

    /** What the network hands requests to. */
    public RpcHandler handler() {
        return transport;
    }

    /** The size of the saved Raft state in bytes, snapshot excluded. */
    public int persistBytes() {
        return persister.raftStateSize();
    }

    /** The state of the node behind it, for traces. */
    public NodeStatus status() {
        return node.status();
    }

    /** The node tells each change of its role, term or leader, on a thread of its own. */
    public void onStatusChange(Consumer<NodeStatus> listener) {
        node.onStatusChange(listener);
    }
}
