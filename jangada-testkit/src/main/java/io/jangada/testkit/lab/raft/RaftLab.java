package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.LabCluster;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabService;
import io.jangada.testkit.lab.LabState;
import io.jangada.testkit.lab.LabTime;
import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.lab.Start;
import io.jangada.testkit.sim.SimRandom;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A cluster of plain Rafts, and the checks of the course (lab facts, 3.2). Times are milliseconds of the lab's clock. */
final class RaftLab {
    /** The tester's allowance for an election. */
    static final long ELECTION_MILLIS = 1_000;

    private final LabTime time;
    private final LabCluster cluster;
    private final Ledger ledger;
    private final SimRandom chance;

    /** Builds the cluster, starts all its servers and connects them. */
    RaftLab(LabCluster.Setting setting, int servers, boolean reliable, boolean snapshots) {
        this.time = setting.time();
        this.ledger = new Ledger(servers);
        this.chance = setting.seeds().fork("scenario");
        LabService.Factory services = snapshots
                ? (server, persister) -> new SnapshotService(time, ledger, server, persister)
                : (server, persister) -> new PlainService(time, ledger, server);
        this.cluster = new LabCluster(setting, servers, services);
        cluster.network().setReliable(reliable);
        for (int server = 0; server < servers; server++) {
            cluster.start(server);
        }
        for (int server = 0; server < servers; server++) {
            cluster.connect(server);
        }
    }

    LabTime time() {
        return time;
    }

    LabCluster cluster() {
        return cluster;
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

    /** Any command of 63 bits. */
    Command random() {
        return Command.of(chance.next() >>> 1);
    }

    /** Exactly one leader among the connected servers, in the highest term in which any leads; waits for it up to about five seconds. */
    int oneLeader() {
        for (int round = 0; round < 10; round++) {
            sleep(chance.between(450, 549));
            Map<Long, Integer> leaders = new TreeMap<>();
            for (int server = 0; server < size(); server++) {
                Optional<LabState> state = connectedState(server);
                if (state.isPresent() && state.get().isLeader()) {
                    Integer other = leaders.put(state.get().term(), server);
                    require(
                            other == null,
                            "servers " + other + " and " + server + " both lead in term "
                                    + state.get().term());
                }
            }
            if (!leaders.isEmpty()) {
                return ((TreeMap<Long, Integer>) leaders).lastEntry().getValue();
            }
        }
        throw new LabFailure("no leader among the connected servers in 10 rounds, about 5 s");
    }

    private Optional<LabState> connectedState(int server) {
        return cluster.isConnected(server) ? cluster.raft(server).map(LabRaft::getState) : Optional.empty();
    }

    /** The term on which all connected servers agree. */
    long sameTerm() {
        OptionalLong term = OptionalLong.empty();
        for (int server = 0; server < size(); server++) {
            Optional<LabState> state = connectedState(server);
            if (state.isPresent()) {
                long mine = state.get().term();
                require(
                        term.isEmpty() || term.getAsLong() == mine,
                        "servers disagree about the term: " + term + " and " + mine);
                term = OptionalLong.of(mine);
            }
        }
        return term.orElseThrow(() -> new LabFailure("no server is connected"));
    }

    /** No connected server believes to lead. */
    void noLeader() {
        for (int server = 0; server < size(); server++) {
            require(
                    connectedState(server).filter(LabState::isLeader).isEmpty(),
                    "server " + server + " believes to lead, which it cannot");
        }
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
        require(start.isLeader(), "server " + server + " refused a command, though it leads");
        return start;
    }

    /**
     * Has a command agreed on by so many servers at least, within 10 s; its index.
     *
     * @param retry whether to begin anew if that takes longer than 2 s after a leader took it
     */
    long one(Command command, int expected, boolean retry) {
        long end = time.elapsedNanos() + 10_000_000_000L;
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
            } else if (agreed(taken.index(), command, expected)) {
                return taken.index();
            } else if (!retry) {
                throw new LabFailure(command + " was not agreed on by " + expected + " servers within 2 s after index "
                        + taken.index() + " of term " + taken.term() + " was promised");
            }
        }
        throw new LabFailure(command + " was not agreed on by " + expected + " servers within 10 s");
    }

    private boolean agreed(long index, Command command, int expected) {
        long end = time.elapsedNanos() + 2_000_000_000L;
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

    /**
     * Waits until so many servers have applied something at this index, about half a minute at most, and returns it.
     *
     * @param startTerm give up when any server is in a later term, unless this is negative
     * @return empty if it was given up
     */
    Optional<Command> await(long index, int servers, long startTerm) {
        long pause = 10;
        for (int poll = 0; poll < 30 && committed(index) < servers; poll++) {
            sleep(pause);
            if (pause < 1_000) {
                pause *= 2;
            }
            if (startTerm >= 0 && isAnyBeyond(startTerm)) {
                return Optional.empty();
            }
        }
        Ledger.Committed there = ledger.committed(index);
        require(
                there.servers() >= servers,
                "only " + there.servers() + " servers have applied index " + index + ", expected " + servers);
        return there.command();
    }

    boolean isAnyBeyond(long term) {
        for (int server = 0; server < size(); server++) {
            if (cluster.raft(server)
                    .filter(raft -> raft.getState().term() > term)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** A line across the trace: what the scenario does next, or has found. */
    void note(String text) {
        cluster.note(text);
    }

    void require(boolean holds, String message) {
        if (!holds) {
            note("FAILED: " + message);
            throw new LabFailure(message);
        }
    }

    /** The scenario has passed: ends all servers and counts. */
    Outcome end() {
        Outcome outcome =
                new Outcome(cluster.network().totalCount(), cluster.network().totalBytes(), ledger.highest());
        cluster.crashAll();
        return outcome;
    }
}
