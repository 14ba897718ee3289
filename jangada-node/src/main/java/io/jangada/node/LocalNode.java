package io.jangada.node;

import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
import io.jangada.api.StateMachine;
import io.jangada.api.spi.Clock;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Storage;
import io.jangada.api.spi.Transport;
import io.jangada.core.Raft;
import io.jangada.core.config.Recovered;
import io.jangada.core.message.Message;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.SnapshotMeta;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A node of a group in this process: the loop, its workers, and the ports they were given.
 *
 * <p>Either {@link #start} gives each worker a thread, or the owner steps {@link #workers} by hand, as the simulator does.
 *
 * @param <R> the result of a command
 */
public final class LocalNode<R> implements RaftNode<R> {

    /** Where a node touches the world. The node closes none of them. */
    public record Ports(Storage storage, Transport transport, Clock clock) {}

    private final NodeConfig config;
    private final Clock clock;
    private final Inbox<R> inbox;
    private final Workers<R> workers;
    private final NodeLoop<R> loop;
    private final List<WorkerThread> threads;
    private volatile boolean closed;
    private volatile boolean threadsEnded;

    private LocalNode(NodeConfig config, Ports ports, StateMachine<R> stateMachine, long seed) {
        this.config = config;
        this.clock = ports.clock();
        this.inbox = new Inbox<>(config.inboxCapacity());
        Recovered recovered = new Recovered(ports.storage().recovered(), stateMachine.lastApplied());
        Raft raft = Raft.start(config.raft(), recovered, seed, clock.nanoTime());
        this.workers = new Workers<>(
                new Journal(ports.storage(), inbox),
                new Applier<>(stateMachine, ports.storage(), inbox, recovered.applied()),
                new Background(ports.storage(), inbox));
        Requests<R> requests = new Requests<>(config, seed << 32);
        EffectExecutor<R> executor = new EffectExecutor<>(config, raft, ports.transport(), workers, requests);
        this.loop = new NodeLoop<>(config, raft, inbox, executor, workers);
        this.threads = workers().stream().map(this::threadFor).toList();
    }

    private WorkerThread threadFor(Worker worker) {
        return new WorkerThread(worker, clock, "jangada-" + config.raft().self() + "-" + worker.roleName());
    }

    /**
     * Assembles a node on what its storage has recovered and registers it with the transport. It does nothing before it is started or stepped.
     *
     * @param seed the randomness of this run; different for each node and each run
     */
    public static <R> LocalNode<R> assemble(NodeConfig config, Ports ports, StateMachine<R> stateMachine, long seed) {
        LocalNode<R> node = new LocalNode<>(config, ports, stateMachine, seed);
        ports.transport().register(config.group(), node.receiver());
        return node;
    }

    /** The loop, the journal, the applier and the background worker, in this order. */
    public List<Worker> workers() {
        return List.of(loop, workers.journal(), workers.applier(), workers.background());
    }

    /** Gives each worker a thread. */
    public LocalNode<R> start() {
        threads.forEach(WorkerThread::start);
        return this;
    }

    private MessageReceiver receiver() {
        return new MessageReceiver() {
            @Override
            public void receive(Message message) {
                inbox.receive(message);
            }

            @Override
            public void peerConnected(NodeId peer, long incarnation) {
                inbox.connected(peer);
            }
        };
    }

    @Override
    public CompletableFuture<R> propose(byte[] command) {
        Request.Propose<R> proposal = new Request.Propose<>(command, deadlineNanos());
        if (closed) {
            proposal.fail(Refusals.closed());
        } else if (!inbox.offer(proposal)) {
            proposal.fail(Refusals.overloaded());
        } else if (threadsEnded) {
            endOpenRequests();
        }
        return proposal.future;
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
        return read(workers.applier()::appliedIndex);
    }

    @Override
    public <Q> CompletableFuture<Q> read(Supplier<? extends Q> query) {
        Request.Read<Q> read = new Request.Read<>(query, deadlineNanos());
        if (closed) {
            read.fail(Refusals.closed());
        } else if (!inbox.offer(read)) {
            read.fail(Refusals.overloaded());
        } else if (threadsEnded) {
            endOpenRequests();
        }
        return read.future;
    }

    private long deadlineNanos() {
        return clock.nanoTime() + config.requestTimeout().toNanos();
    }

    @Override
    public NodeStatus status() {
        return loop.status();
    }

    @Override
    public void onStatusChange(Consumer<NodeStatus> listener) {
        workers.background().addListener(listener, loop.status());
    }

    /** Stops the threads and ends every open request. The ports stay open: their owner closes them, after this. */
    @Override
    public void close() {
        // Before the monitor is taken: whoever holds it waits for these threads.
        if (threads.stream().anyMatch(WorkerThread::isCurrent)) {
            throw new IllegalStateException(
                    "close() was called on a thread of the node itself, in a callback; call it from a thread of your own");
        }
        stopThreads();
    }

    private synchronized void stopThreads() {
        if (closed) {
            return;
        }
        closed = true;
        threads.forEach(WorkerThread::stop);
        threadsEnded = true;
        endOpenRequests();
    }

    /** Nobody takes requests any more: whoever adds one after the end, and whoever ends, empties the inbox. */
    private synchronized void endOpenRequests() {
        loop.closed();
        workers.applier().endAll(Refusals::closed);
    }

    @Override
    public <Q> CompletableFuture<Q> read(ReadLevel level, Supplier<? extends Q> query) {
        return read(query);
    }

    @Override
    public CompletableFuture<MembershipAt> changeMembership(MembershipChange change, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<NodeId> transferLeadership(NodeId target, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abortTransfer() {}

    @Override
    public CompletableFuture<Void> stepDown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SnapshotMeta> takeSnapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<PeerProgress> progress() {
        return List.of();
    }
}
