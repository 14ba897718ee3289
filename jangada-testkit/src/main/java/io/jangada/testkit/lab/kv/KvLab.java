package io.jangada.testkit.lab.kv;

import io.jangada.api.StateMachine;
import io.jangada.session.ResultCodec;
import io.jangada.session.SessionReply;
import io.jangada.session.SessionStateMachine;
import io.jangada.testkit.history.CheckResult;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.LinearizabilityChecker;
import io.jangada.testkit.history.RegisterModel;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.lab.LabCluster;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabState;
import io.jangada.testkit.lab.LabTime;
import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.sim.SimRandom;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A cluster of key-value servers, its clients, and what all scenarios check. Times are milliseconds of the lab's clock. */
final class KvLab {
    /** The tester's allowance for an election. */
    static final long ELECTION_MILLIS = 1_000;

    private static final long HEARTBEAT_MILLIS = 100;

    /** Raft's saved state may be so many times as large as it should be. */
    private static final int RAFT_STATE_SLACK = 8;

    /**
     * Which lab it is.
     *
     * @param maxRaftState see {@link KvServer.Rules}
     * @param machine makes the state machine of a server at each of its starts
     */
    record Setup(
            int servers, boolean reliable, int maxRaftState, Supplier<StateMachine<SessionReply<String>>> machine) {

        /** With the session layer of the library. */
        static Setup of(int servers, boolean reliable, int maxRaftState) {
            return new Setup(
                    servers, reliable, maxRaftState, () -> new SessionStateMachine<>(new KvStore(), ResultCodec.TEXT));
        }
    }

    private final LabTime time;
    private final LabCluster cluster;
    private final Setup setup;
    private final SimRandom seeds;
    private final HistoryRecorder<Op, String> history;
    private final AtomicInteger clerks = new AtomicInteger();

    /** Builds the cluster, starts all its servers and connects them. */
    KvLab(LabCluster.Setting setting, Setup setup) {
        this.time = setting.time();
        this.setup = setup;
        this.seeds = setting.seeds();
        this.history = new HistoryRecorder<>(time::elapsedNanos);
        SimRandom tags = seeds.fork("tags");
        KvServer.Rules rules = new KvServer.Rules(time, setup.maxRaftState());
        this.cluster = new LabCluster(
                setting,
                setup.servers(),
                (server, persister) ->
                        new KvServer(rules, setup.machine().get(), new SimRandom(tags.next()), persister));
        cluster.network().setReliable(setup.reliable());
        cluster.network().setLongDelays(false);
        startAll();
    }

    LabTime time() {
        return time;
    }

    void sleep(long millis) {
        time.sleep(millis);
    }

    /** A stream of chance for this purpose alone. */
    SimRandom chance(String purpose) {
        return seeds.fork(purpose);
    }

    List<Integer> allServers() {
        return IntStream.range(0, cluster.size()).boxed().toList();
    }

    void startAll() {
        allServers().forEach(cluster::start);
        connectAll();
    }

    void crashAll() {
        cluster.crashAll();
    }

    /** Every server reaches every other one. */
    void connectAll() {
        allServers().forEach(cluster::connect);
    }

    /** Servers reach each other within this half and within the rest, and nobody beyond. Clients are not concerned. */
    void partition(Collection<Integer> half) {
        for (int one = 0; one < cluster.size(); one++) {
            for (int other = 0; other < one; other++) {
                cluster.link(one, other, half.contains(one) == half.contains(other));
            }
        }
    }

    /** A server that believes to lead, the first one if there is none. */
    int anyLeader() {
        return allServers().stream()
                .filter(server -> cluster.raft(server)
                        .map(LabRaft::getState)
                        .filter(LabState::isLeader)
                        .isPresent())
                .findFirst()
                .orElse(0);
    }

    /** A client that reaches all servers. */
    Clerk clerk() {
        return clerk(allServers());
    }

    /** A client that reaches these servers. */
    Clerk clerk(Collection<Integer> servers) {
        Clerk clerk = new Clerk(cluster, history, clerks.getAndIncrement());
        clerk.reach(servers);
        return clerk;
    }

    /** The key must have this text. */
    void check(Clerk clerk, String key, String expected) {
        String text = clerk.get(key);
        require(text.equals(expected), "get(" + key + ") returned \"" + text + "\", expected \"" + expected + "\"");
    }

    /** What has been saved must be as small as the scenario asks for, once every server knows what is committed. */
    void checkSizes() {
        // The course's servers take milliseconds for a command, these hundreds of them in the time for which a
        // follower's thread may not run on a busy machine.
        sleep(HEARTBEAT_MILLIS);
        if (setup.maxRaftState() == KvServer.NO_SNAPSHOTS) {
            int size = cluster.snapshotSize();
            require(size == 0, "a server has saved a snapshot of " + size + " bytes, though there should be none");
        } else {
            int size = cluster.logSize();
            int limit = RAFT_STATE_SLACK * setup.maxRaftState();
            note("the largest Raft state has " + size + " bytes");
            require(size <= limit, "a server's Raft state has " + size + " bytes, more than " + limit);
        }
    }

    /** No server's snapshot may have more bytes. */
    void checkSnapshotSize(int limit) {
        int size = cluster.snapshotSize();
        note("the largest snapshot has " + size + " bytes");
        require(size > 0, "no server has saved a snapshot");
        require(size <= limit, "a server's snapshot has " + size + " bytes, more than " + limit);
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

    /** The scenario has passed but for this: all that the clients saw must be linearizable. Ends all servers and counts. */
    Outcome end() {
        Outcome outcome =
                new Outcome(cluster.network().totalCount(), cluster.network().totalBytes(), history.successes());
        crashAll();
        CheckResult result = new LinearizabilityChecker<>(new RegisterModel()).check(history.history());
        note(history.invocations() + " operations of clients were checked in " + result.steps() + " steps: "
                + result.verdict());
        require(
                result.linearizable(),
                "the history of " + history.invocations() + " operations is " + result.verdict() + " after "
                        + result.steps() + " steps: " + result.explanation());
        return outcome;
    }
}
