package io.jangada.node;

import io.jangada.api.NodeStatus;
import io.jangada.api.NodeStatus.Health;
import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
import io.jangada.api.StateMachine;
import io.jangada.api.spi.Clock;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.api.spi.Storage;
import io.jangada.api.spi.Transport;
import io.jangada.core.Raft;
import io.jangada.core.message.Message;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.model.SnapshotMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A node of a group in this process: the loop, its workers, and the ports they were given.
 *
 * <p>{@link #start()} gives each worker a thread, {@link #start(WorkerPool)} lets them share threads with other nodes, or the owner steps {@link #workers} by hand, as
 * the simulator does.
 *
 * @param <R> the result of a command
 */
public final class LocalNode<R> implements RaftNode<R> {

    /** Where a node touches the world. The node closes none of them. */
    public record Ports(Storage storage, SnapshotStore snapshots, Transport transport, Clock clock) {

        /** The ports of a node that takes no snapshots, nor any from others: its log is kept whole. */
        public Ports(Storage storage, Transport transport, Clock clock) {
            this(storage, new NoSnapshots(), transport, clock);
        }
    }

    private final NodeConfig config;
    private final Clock clock;
    private final Inbox<R> inbox;
    private final Workers<R> workers;
    private final NodeLoop<R> loop;
    private volatile List<Runner> runners = List.of();
    private volatile boolean closed;
    private volatile boolean threadsEnded;

    private LocalNode(NodeConfig config, Ports ports, StateMachine<R> stateMachine, long seed) {
        this.config = config;
        this.clock = ports.clock();
        this.inbox = new Inbox<>(config.inboxCapacity());
        Recovery recovery =
                Recovery.of(ports.storage().recovered(), ports.snapshots().newest(), stateMachine.lastApplied());
        Raft raft = Raft.start(config.raft(), recovery.recovered(), seed, clock.nanoTime());
        // Less than what the state machine has applied if the log was damaged.
        long startIndex = raft.status().commitIndex();
        SnapshotWriter writer = new SnapshotWriter(ports.snapshots(), inbox);
        SnapshotTrigger trigger = new SnapshotTrigger(
                stateMachine, ports.snapshots(), policyFor(ports), writer, raft.membershipAt(startIndex), recovery);
        this.workers = new Workers<>(
                new Journal(ports.storage(), inbox),
                new Applier<>(stateMachine, ports, inbox, trigger, recovery),
                new Background(ports.storage(), ports.snapshots(), inbox),
                writer);
        Requests<R> requests = new Requests<>(config, (seed << 32) + 1);
        EffectExecutor<R> executor =
                new EffectExecutor<>(config, raft, ports.transport(), workers, requests, startIndex);
        this.loop = new NodeLoop<>(config, raft, inbox, executor, workers);
    }

    private SnapshotPolicy policyFor(Ports ports) {
        return ports.snapshots() instanceof NoSnapshots ? SnapshotPolicy.ON_REQUEST : config.snapshots();
    }

    /**
     * Assembles a node on what its storage has recovered and registers it with the transport. It does nothing before it is started or stepped.
     *
     * @param seed the randomness of this run; different for each node and each run
     */
    public static <R> LocalNode<R> assemble(NodeConfig config, Ports ports, StateMachine<R> stateMachine, long seed) {
        LocalNode<R> node = new LocalNode<>(config, ports, stateMachine, seed);
        ports.transport().register(config.group(), node.receiver());
        Membership present = node.loop.status().raft().membership().membership();
        if (!present.isNone()) {
            ports.transport().members(config.group(), present);
        }
        return node;
    }

    /** The loop, the journal, the applier, the background worker and the snapshot worker, in this order. */
    public List<Worker> workers() {
        List<Worker> all = new ArrayList<>();
        all.add(loop);
        all.addAll(workers.all());
        return List.copyOf(all);
    }

    /** Gives each worker a thread. */
    public LocalNode<R> start() {
        String name = "jangada-" + config.raft().self() + "-";
        return start(worker -> new WorkerThread(worker, clock, name + worker.roleName()));
    }

    /** Has the workers run on threads that other nodes may use too; the pool must outlive the node. */
    public LocalNode<R> start(WorkerPool pool) {
        return start(worker -> pool.runnerFor(worker, kindFor(worker), clock));
    }

    private WorkerPool.Kind kindFor(Worker worker) {
        if (worker == loop) {
            return WorkerPool.Kind.LOOP;
        }
        return worker == workers.journal() || worker == workers.applier() ? WorkerPool.Kind.DISK : WorkerPool.Kind.SLOW;
    }

    private synchronized LocalNode<R> start(Function<Worker, Runner> runnerFor) {
        if (closed || !runners.isEmpty()) {
            throw new IllegalStateException("a node is started once");
        }
        runners = workers().stream().map(runnerFor).toList();
        runners.forEach(Runner::start);
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
                inbox.connected(peer, incarnation);
            }
        };
    }

    @Override
    public CompletableFuture<R> propose(byte[] command) {
        return propose(command, position -> {});
    }

    @Override
    public CompletableFuture<R> propose(byte[] command, Consumer<? super LogPosition> appended) {
        Request.Propose<R> proposal = new Request.Propose<>(command, appended, deadlineNanos());
        submit(proposal, () -> inbox.offer(proposal));
        return proposal.future;
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
        return read(workers.applier()::appliedIndex);
    }

    @Override
    public <Q> CompletableFuture<Q> read(Supplier<? extends Q> query) {
        return read(ReadLevel.LINEARIZABLE, query);
    }

    @Override
    public <Q> CompletableFuture<Q> read(ReadLevel level, Supplier<? extends Q> query) {
        Request.Read<Q> read = new Request.Read<>(level, query, deadlineNanos());
        submit(read, () -> level instanceof ReadLevel.Local ? askAtOnce(read) : inbox.offer(read));
        return read.future;
    }

    /** Goes past the loop, which knows nothing that such a read needs. */
    private boolean askAtOnce(Request.Read<?> read) {
        if (workers.applier().waitingReads() >= config.raft().limits().maxPendingReads()) {
            return false;
        }
        NodeStatus present = loop.status();
        if (present.health() == Health.FAILED) {
            read.fail(Refusals.failed(present.failure()));
        } else {
            workers.applier().ask(read);
        }
        return true;
    }

    private void submit(Request request, BooleanOffer offer) {
        if (closed) {
            request.fail(Refusals.closed());
        } else if (!offer.taken()) {
            request.fail(Refusals.overloaded());
        } else if (threadsEnded) {
            endOpenRequests();
        }
    }

    /** Puts a request where it is taken from; false if there is no room. */
    @FunctionalInterface
    private interface BooleanOffer {
        boolean taken();
    }

    private long deadlineNanos() {
        return deadlineNanos(config.requestTimeout());
    }

    private long deadlineNanos(Duration timeout) {
        // More than a century is for ever, and can be added to without an overflow.
        return clock.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(timeout), Long.MAX_VALUE / 2);
    }

    @Override
    public CompletableFuture<MembershipAt> changeMembership(MembershipChange change, Duration timeout) {
        Operation.Change wanted = new Operation.Change(change, deadlineNanos(requirePositive(timeout)));
        submit(wanted, () -> inbox.offer(wanted));
        return wanted.future;
    }

    @Override
    public CompletableFuture<NodeId> transferLeadership(NodeId target, Duration timeout) {
        long timeoutNanos = TimeUnit.NANOSECONDS.convert(requirePositive(timeout));
        // The core ends it in time; afterwards somebody has to be elected.
        long deadlineNanos = deadlineNanos(timeout) + 4 * config.raft().timing().electionTimeoutMaxNanos();
        Operation.Transfer wanted = new Operation.Transfer(target, timeoutNanos, deadlineNanos);
        submit(wanted, () -> inbox.offer(wanted));
        return wanted.future;
    }

    private static Duration requirePositive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + "; it must be positive");
        }
        return timeout;
    }

    @Override
    public void abortTransfer() {
        inbox.abortTransfer();
    }

    @Override
    public CompletableFuture<Void> stepDown() {
        Operation.StepDown wanted = new Operation.StepDown(deadlineNanos());
        submit(wanted, () -> inbox.offer(wanted));
        return wanted.future;
    }

    @Override
    public CompletableFuture<SnapshotMeta> takeSnapshot() {
        NodeStatus present = loop.status();
        if (closed || present.health() == Health.FAILED) {
            return CompletableFuture.failedFuture(closed ? Refusals.closed() : Refusals.failed(present.failure()));
        }
        CompletableFuture<SnapshotMeta> taken = workers.applier().trigger().ask();
        workers.applier().wake();
        if (threadsEnded) {
            endOpenRequests();
        }
        return taken;
    }

    @Override
    public List<PeerProgress> progress() {
        return loop.progress();
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
        if (runners.stream().anyMatch(Runner::isCurrent)) {
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
        workers.snapshots().abandon();
        runners.forEach(Runner::stop);
        threadsEnded = true;
        endOpenRequests();
    }

    /** Nobody takes requests any more: whoever adds one after the end, and whoever ends, empties the inbox. */
    private synchronized void endOpenRequests() {
        loop.closed();
        workers.applier().endAll(Refusals::closed);
        workers.snapshots().endAll(Refusals::closed);
    }
}
