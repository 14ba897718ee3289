package io.jangada.testkit.sim;

import io.jangada.api.RaftNode;
import io.jangada.api.error.RaftException;
import io.jangada.testkit.check.Digest;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.Operation;
import io.jangada.testkit.history.RegisterModel;
import io.jangada.testkit.history.RegisterModel.Get;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.history.RegisterModel.Put;
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

    private void think(int client) {
        world.scheduler().after(1 + chance.exponential(world.plan().thinkNanos()), () -> act(client));
    }

    private void act(int client) {
        if (stopped) {
            return;
        }
        SimNode node = chance.pick(nodes);
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

    private Request begin(int client, SimNode node, int key, boolean write) {
        RaftNode<Long> target = node.reachable();
        if (target == null) {
            throw new IllegalStateException("node " + node.id() + " is down; ask another one");
        }
        return write ? write(client, node, target, key) : read(client, node, target, key);
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

    private Request read(int client, SimNode node, RaftNode<Long> target, int key) {
        Get get = new Get(SimCommand.keyName(key));
        Request request = new Request(client, node, recorder.invoke(client, get), 0);
        SimStateMachine stateMachine = node.stateMachine();
        answers.add(target.read(() -> stateMachine.read(key)).handle((value, failure) -> {
            if (failure == null) {
                reads++;
                request.succeeded(value);
            } else {
                request.failed(true);
            }
            trace(node, key, client, get, failure == null ? " = " + value : " " + words(failure));
            return failure == null;
        }));
        return request;
    }

    private void trace(SimNode node, long number, int client, Op op, String end) {
        world.trace().on(node.id(), Digest.mix(number, Digest.of(end)), () -> "client " + client + " " + op + end);
    }

    private static String words(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    private static boolean certainlyNothingHappened(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RaftException raft && raft.safeToRetry();
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
                recorder.ok(operation, answer == null ? "" : answer);
                ok = true;
                end(client);
            }
        }

        private void failed(boolean certain) {
            if (!done) {
                if (certain) {
                    recorder.fail(operation);
                } else {
                    recorder.unknown(operation);
                }
                end(certain ? client : nextClient++);
            }
        }

        void givenUp() {
            if (!done) {
                recorder.unknown(operation);
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
