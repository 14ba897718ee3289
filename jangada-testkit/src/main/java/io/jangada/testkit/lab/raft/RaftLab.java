package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.LabCluster;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabService;
import io.jangada.testkit.lab.LabState;
import io.jangada.testkit.lab.LabTime;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.lab.Start;
import io.jangada.testkit.sim.SimRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A cluster of plain Rafts, and the checks of the course (lab facts, 3.2). Times are milliseconds of the lab's clock. */
final class RaftLab {
    /** The tester's allowance for an election. */
    static final long ELECTION_MILLIS = 1_000;

    /** Less than half of the pause between two looks at what is committed: what is started meanwhile travels together, since the course counts calls. */
    private static final Duration PACE = Duration.ofMillis(9);

    private static final long AGREEMENT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PROMISE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LabTime time;
    private final LabCluster cluster;
    private final Ledger ledger;
    private final SimRandom chance;
    private Outcome largestPass = new Outcome(0, 0, 0);

    /** What a scenario begins with. */
    record Shape(int servers, boolean reliable, boolean snapshots) {}

    /** A scenario that begins with such a cluster, all of it up and connected. */
    static Scenario scenario(LabPart part, String name, String title, Shape shape, Consumer<RaftLab> text) {
        return new Scenario(part, name, title, shape.servers(), setting -> {
            RaftLab lab = new RaftLab(setting, shape);
            text.accept(lab);
            return lab.end();
        });
    }

    private RaftLab(LabCluster.Setting setting, Shape shape) {
        this.time = setting.time();
        this.ledger = new Ledger(shape.servers());
        this.chance = setting.seeds().fork("scenario");
        LabService.Factory services = shape.snapshots()
                ? (server, persister) -> new SnapshotService(time, ledger, server, persister)
                : (server, persister) -> new PlainService(time, ledger, server);
        this.cluster = new LabCluster(setting, shape.servers(), services);
        setReliable(shape.reliable());
        IntStream.range(0, size()).forEach(cluster::start);
        IntStream.range(0, size()).forEach(cluster::connect);
    }

    LabTime time() {
        return time;
    }

    LabCluster cluster() {
        return cluster;
    }

    Ledger ledger() {
        return ledger;
    }

    int size() {
        return cluster.size();
    }

    SimRandom chance() {
        return chance;
    }

    /** The server so many places further on. */
    int after(int server, int places) {
        return (server + places) % size();
    }

    void sleep(long millis) {
        time.sleep(millis);
    }

    void setReliable(boolean reliable) {
        cluster.network().setReliable(reliable);
        cluster.paceAppends(PACE);
    }

    void connect(int... servers) {
        for (int server : servers) {
            cluster.connect(server);
        }
    }

    void disconnect(int... servers) {
        for (int server : servers) {
            cluster.disconnect(server);
        }
    }

    void crash(int... servers) {
        for (int server : servers) {
            cluster.crash(server);
        }
    }

    /** Starts servers on what they have saved, and connects them and no others. */
    void restart(int... servers) {
        for (int server : servers) {
            cluster.start(server);
            cluster.connect(server);
        }
    }

    /** Crashes all servers, and only then starts the first of them again. */
    void crashAndRestartAll() {
        note("crash all servers, and start them again");
        cluster.crashAll();
        restart(IntStream.range(0, size()).toArray());
    }

    /** Starts the servers that are down, and connects all. */
    void bringBackAll() {
        for (int server = 0; server < size(); server++) {
            if (!cluster.isUp(server)) {
                cluster.start(server);
            }
            cluster.connect(server);
        }
    }

    /** Any server. */
    int anyServer() {
        return chance.below(size());
    }

    /** Any command of 63 bits. */
    Command random() {
        return Command.of(chance.next() >>> 1);
    }

    /** Exactly one leader among the connected servers, in the highest term in which any leads; waits for it up to about five seconds. */
    int oneLeader() {
        for (int round = 0; round < 10; round++) {
            sleep(chance.between(450, 549));
            OptionalInt leader = connectedStates().leader();
            if (leader.isPresent()) {
                return leader.getAsInt();
            }
        }
        throw new LabFailure("no leader among the connected servers in 10 rounds, about 5 s");
    }

    private ConnectedStates connectedStates() {
        Map<Integer, LabState> states = new HashMap<>();
        for (int server = 0; server < size(); server++) {
            if (cluster.isConnected(server)) {
                int number = server;
                cluster.raft(server).map(LabRaft::getState).ifPresent(state -> states.put(number, state));
            }
        }
        return new ConnectedStates(states);
    }

    /** The term on which all connected servers agree. */
    long sameTerm() {
        return connectedStates().sameTerm();
    }

    /** No connected server believes to lead. */
    void noLeader() {
        connectedStates().requireNoLeader();
    }

    /** Whether every server that is up, connected or not, is in this term. */
    boolean areAllIn(long term) {
        return IntStream.range(0, size())
                .mapToObj(cluster::raft)
                .flatMap(Optional::stream)
                .allMatch(raft -> raft.getState().term() == term);
    }

    private boolean isAnyBeyond(long term) {
        return IntStream.range(0, size())
                .mapToObj(cluster::raft)
                .flatMap(Optional::stream)
                .anyMatch(raft -> raft.getState().term() > term);
    }

    /** How many servers have applied a command at this index. */
    int committed(long index) {
        return ledger.committed(index).servers();
    }

    Optional<Command> commandAt(long index) {
        return ledger.committed(index).command();
    }

    /** Asks this server to replicate a command; refused if it is down. */
    Start start(int server, Command command) {
        return cluster.raft(server).map(raft -> raft.start(command.bytes())).orElseGet(() -> new Start(0, 0, false));
    }

    /** Starts a command that this leader must take. */
    Start mustStart(int server, Command command) {
        Start start = start(server, command);
        require(start.isLeader(), "server " + server + " refused " + command + ", though it leads");
        return start;
    }

    /** Has a command agreed on by so many servers at least, within 2 s after some leader took it, which must be within 10 s; its index. */
    long one(Command command, int expected) {
        return one(command, expected, false);
    }

    /**
     * The same, but within 10 s in all: if 2 s were not enough, the command is started once more, and may be agreed on twice.
     *
     * <p>The course asks for it like this where a leader may fail, or the network may lose what it sends, after it took the command. Then Raft promises nothing, and it is up to the
     * client to try again.
     */
    long oneOrAgain(Command command, int expected) {
        return one(command, expected, true);
    }

    private long one(Command command, int expected, boolean retry) {
        long end = time.elapsedNanos() + AGREEMENT_NANOS;
        int next = 0;
        while (time.elapsedNanos() < end) {
            Start taken = new Start(0, 0, false);
            for (int tried = 0; tried < size() && !taken.isLeader(); tried++) {
                next = after(next, 1);
                if (cluster.isConnected(next)) {
                    taken = start(next, command);
                }
            }
            if (!taken.isLeader()) {
                sleep(50);
            } else if (isAgreed(taken.index(), command, expected)) {
                return taken.index();
            } else if (!retry) {
                throw new LabFailure(command + " was not agreed on by " + expected + " servers within 2 s after index "
                        + taken.index() + " of term " + taken.term() + " was promised");
            }
        }
        throw new LabFailure(command + " was not agreed on by " + expected + " servers within 10 s");
    }

    private boolean isAgreed(long index, Command command, int expected) {
        long end = time.elapsedNanos() + PROMISE_NANOS;
        while (time.elapsedNanos() < end) {
            Ledger.Committed there = ledger.committed(index);
            if (there.servers() >= expected
                    && there.command().filter(command::equals).isPresent()) {
                return true;
            }
            sleep(20);
        }
        return false;
    }

    /** Waits until so many servers have applied something at this index, about half a minute at most, and returns it. */
    Command await(long index, int servers) {
        return awaitInTerm(index, servers, Long.MAX_VALUE)
                .orElseThrow(() -> new LabFailure("nothing was applied at index " + index));
    }

    /** The same, but gives up, with an empty result, as soon as any server is in a later term. */
    Optional<Command> awaitInTerm(long index, int servers, long term) {
        long pause = 10;
        for (int poll = 0; poll < 30 && committed(index) < servers; poll++) {
            sleep(pause);
            if (pause < 1_000) {
                pause *= 2;
            }
            if (isAnyBeyond(term)) {
                return Optional.empty();
            }
        }
        Ledger.Committed there = ledger.committed(index);
        require(
                there.servers() >= servers,
                "only " + there.servers() + " servers have applied index " + index + ", expected " + servers);
        return there.command();
    }

    /** Requests that servers have been handed since their last starts. */
    int received() {
        return IntStream.range(0, size()).map(cluster::received).sum();
    }

    /** Bytes of all requests, and of the replies that arrived. */
    long bytes() {
        return cluster.network().totalBytes();
    }

    /** A line across the trace: what the scenario does next, or has found. */
    void note(String text) {
        cluster.note(text);
    }

    void require(boolean holds, String message) {
        if (!holds) {
            throw new LabFailure(message);
        }
    }

    /** Plays a pass of a scenario that has several; only the largest figures of one pass count then, since the course counts passes one by one. */
    void pass(Consumer<RaftLab> text) {
        Outcome before = counted();
        text.accept(this);
        Outcome after = counted();
        largestPass = new Outcome(
                Math.max(largestPass.rpcs(), after.rpcs() - before.rpcs()),
                Math.max(largestPass.bytes(), after.bytes() - before.bytes()),
                Math.max(largestPass.agreements(), after.agreements() - before.agreements()));
    }

    private Outcome counted() {
        return new Outcome(cluster.network().totalCount(), cluster.network().totalBytes(), ledger.highest());
    }

    private Outcome end() {
        Outcome outcome = largestPass.rpcs() > 0 ? largestPass : counted();
        cluster.crashAll();
        return outcome;
    }
}
