package io.jangada.testkit.sim;

import io.jangada.api.RaftNode;
import io.jangada.api.ReadLevel;
import io.jangada.api.error.RaftException;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.Digest;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.Operation;
import io.jangada.testkit.history.RegisterModel;
import io.jangada.testkit.history.RegisterModel.Get;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.history.RegisterModel.Put;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The clients of the simulated cluster: each one asks any node to write or to read, waits for the answer, thinks, and asks again. Everything they
 * ask and are told goes into a history.
 */
final class SimClients {
    private static final int NOT_RECORDED = -1;

    private final SimWorld world;
    private final List<SimNode> nodes;
    private final SimRandom chance;
    private final HistoryRecorder<Op, String> recorder;
    private final List<Request> open = new ArrayList<>();
    private final List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    private boolean stopped;
    private int nextClient = 1;
    private long nextSerial = 1;
    private long reads;

    SimClients(SimWorld world, List<SimNode> nodes) {
        this.world = world;
        this.nodes = nodes;
        this.chance = world.chance().fork("clients");
        this.recorder = new HistoryRecorder<>(world.scheduler()::now);
    }

    void start() {
        for (int i = 0; i < world.plan().clients(); i++) {
            think(nextClient++);
        }
    }

    /** No further operations are begun. */
    void stop() {
        stopped = true;
    }

    /** The node is gone: nobody will hear what became of the requests it had. */
    void lost(SimNode node) {
        for (Request request : List.copyOf(open)) {
            if (request.node == node) {
                request.givenUp();
            }
        }
    }

    List<Operation<Op, String>> history() {
        return recorder.history();
    }

    long reads() {
        return reads;
    }

    /** Throws whatever went wrong in taking an answer: a bug of the simulator, which must not pass for silence. */
    void requireOrderlyAnswers() {
        for (CompletableFuture<Boolean> answer : answers) {
            if (answer.isCompletedExceptionally()) {
                answer.join();
            }
        }
    }

    /** Proposes one command at this node, outside the workload; the request says how it went. */
    Request probe(SimNode node) {
        return begin(nextClient++, node, 0, true);
    }

    /** Reads by lease at this node, outside the workload, the register of {@link #probe}. */
    void readByLease(SimNode node) {
        RaftNode<Long> target = node.reachable();
        if (target != null) {
            linearizable(nextClient++, node, target, ReadLevel.LEASE, 0);
        }
    }

    private void think(int client) {
        world.scheduler().after(1 + chance.exponential(world.plan().thinkNanos()), () -> act(client));
    }

    private void act(int client) {
        if (stopped) {
            return;
        }
        SimNode node = anyNode();
        if (!node.isUp()) {
            think(client);
            return;
        }
        Request request = begin(client, node, chance.below(world.plan().keys()), chance.chance(0.6));
        request.workload = true;
        if (request.done) {
            think(nextClient++);
            return;
        }
        // A client does not wait for ever, whatever the node says.
        world.scheduler().after(6 * world.plan().timing().electionTimeoutMaxNanos(), request::givenUp);
    }

    /** Mostly a member, now and then a machine that waits to become one, or is one no more. */
    private SimNode anyNode() {
        List<NodeId> members = world.checks().membership().membership().members();
        List<SimNode> known =
                nodes.stream().filter(node -> members.contains(node.id())).toList();
        return known.isEmpty() || chance.chance(0.05) ? chance.pick(nodes) : chance.pick(known);
    }

    private Request begin(int client, SimNode node, int key, boolean write) {
        RaftNode<Long> target = node.reachable();
        if (target == null) {
            throw new IllegalStateException("node " + node.id() + " is down; ask another one");
        }
        return write ? write(client, node, target, key) : read(client, node, target, key);
    }

    private Request read(int client, SimNode node, RaftNode<Long> target, int key) {
        List<ReadLevel> levels = new ArrayList<>(List.of(ReadLevel.LINEARIZABLE));
        if (world.plan().has(Activity.LEASE_READS)) {
            levels.addAll(List.of(ReadLevel.LEASE, ReadLevel.LEASE));
        }
        if (world.plan().has(Activity.BOUNDED_READS)) {
            levels.add(ReadLevel.boundedStale(Duration.ofNanos(
                    1 + chance.exponential(world.plan().timing().electionTimeoutMinNanos()))));
        }
        if (world.plan().has(Activity.LOCAL_READS)) {
            levels.add(ReadLevel.LOCAL);
        }
        ReadLevel level = levels.size() == 1 ? levels.get(0) : chance.pick(levels);
        return level == ReadLevel.LINEARIZABLE || level == ReadLevel.LEASE
                ? linearizable(client, node, target, level, key)
                : relaxed(client, node, target, level, key);
    }

    private Request write(int client, SimNode node, RaftNode<Long> target, int key) {
        long serial = nextSerial++;
        int ballast = chance.chance(0.8)
                ? chance.below(16)
                : chance.below(world.plan().maxPayloadBytes());
        SimCommand command = new SimCommand(key, serial, ballast);
        Put put = new Put(SimCommand.keyName(key), SimCommand.valueName(serial));
        Request request = new Request(client, node, recorder.invoke(client, put), serial);
        world.checks().proposed(serial);
        trace(node, serial, client, put, " ?");
        answers.add(target.propose(command.encode()).handle((index, failure) -> {
            if (failure == null) {
                world.checks().acknowledged(serial);
                world.checks().told(world.scheduler().now(), index);
                request.succeeded(RegisterModel.DONE);
            } else {
                boolean certain = certainlyNothingHappened(failure);
                if (certain) {
                    world.checks().refused(serial);
                }
                request.failed(certain);
            }
            trace(node, serial, client, put, failure == null ? " ok at " + index : " " + words(failure));
            return failure == null;
        }));
        return request;
    }

    private Request linearizable(int client, SimNode node, RaftNode<Long> target, ReadLevel level, int key) {
        Get get = new Get(SimCommand.keyName(key));
        Request request = new Request(client, node, recorder.invoke(client, get), 0);
        SimStateMachine stateMachine = node.stateMachine();
        answers.add(target.read(level, () -> stateMachine.look(key)).handle((view, failure) -> {
            if (failure == null) {
                count(level);
                world.checks().told(world.scheduler().now(), view.lastCommand());
                request.succeeded(view.value());
            } else {
                request.failed(true);
            }
            String end = failure == null ? " = " + view.value() : " " + words(failure);
            trace(node, key, client, get, (level == ReadLevel.LEASE ? " by lease" : "") + end);
            return failure == null;
        }));
        return request;
    }

    private void count(ReadLevel level) {
        if (level == ReadLevel.LEASE) {
            world.stats().deed(Deed.LEASE_READ);
        } else {
            reads++;
        }
    }

    /** A read that may be old leaves no trace in the history, but what it sees must be new enough, and a state that there was. */
    private Request relaxed(int client, SimNode node, RaftNode<Long> target, ReadLevel level, int key) {
        Get get = new Get(SimCommand.keyName(key));
        Request request = new Request(client, node, NOT_RECORDED, 0);
        SimStateMachine stateMachine = node.stateMachine();
        long asked = world.scheduler().now();
        answers.add(target.read(level, () -> stateMachine.look(key)).handle((view, failure) -> {
            if (failure == null) {
                if (level instanceof ReadLevel.BoundedStale bounded) {
                    world.stats().deed(Deed.BOUNDED_READ);
                    world.checks().answered(node.id(), asked - tolerated(bounded), view.lastCommand());
                } else {
                    world.stats().deed(Deed.LOCAL_READ);
                }
                request.succeeded(view.value());
            } else {
                request.failed(true);
            }
            trace(
                    node,
                    key,
                    client,
                    get,
                    " " + level + (failure == null ? " = " + view.value() : " " + words(failure)));
            return failure == null;
        }));
        return request;
    }

    /** What is so long on the slowest clock. */
    private long tolerated(ReadLevel.BoundedStale bounded) {
        long lag = bounded.maxLag().toNanos();
        return lag + lag / 1_000_000 * 2 * world.plan().clockDriftPpm() + 1_000;
    }

    private void trace(SimNode node, long number, int client, Op op, String end) {
        world.trace().on(node.id(), Digest.mix(number, Digest.of(end)), () -> "client " + client + " " + op + end);
    }

    static String words(Throwable failure) {
        return causeOf(failure).getClass().getSimpleName();
    }

    static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static boolean certainlyNothingHappened(Throwable failure) {
        return causeOf(failure) instanceof RaftException raft && raft.safeToRetry();
    }

    /** One request under way. */
    final class Request {
        private final int client;
        private final SimNode node;
        private final int operation;
        private final long serial;
        private boolean workload;
        private boolean done;
        private boolean ok;

        Request(int client, SimNode node, int operation, long serial) {
            this.client = client;
            this.node = node;
            this.operation = operation;
            this.serial = serial;
            open.add(this);
        }

        boolean isDone() {
            return done;
        }

        boolean isOk() {
            return ok;
        }

        private void succeeded(@Nullable String answer) {
            if (!done) {
                if (operation != NOT_RECORDED) {
                    recorder.ok(operation, answer == null ? "" : answer);
                }
                ok = true;
                end(client);
            }
        }

        private void failed(boolean certain) {
            if (!done) {
                if (operation != NOT_RECORDED && certain) {
                    recorder.fail(operation);
                } else if (operation != NOT_RECORDED) {
                    recorder.unknown(operation);
                }
                end(certain ? client : nextClient++);
            }
        }

        void givenUp() {
            if (!done) {
                if (operation != NOT_RECORDED) {
                    recorder.unknown(operation);
                }
                world.trace().on(node.id(), serial, () -> "client " + client + " gives up");
                end(nextClient++);
            }
        }

        private void end(int next) {
            done = true;
            open.remove(this);
            if (workload) {
                think(next);
            }
        }
    }
}
