package io.jangada.testkit.lab.course;

import io.jangada.testkit.lab.ApplyMsg;
import io.jangada.testkit.lab.LabCluster;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabService;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A scenario of one's own: what a leader takes while it is cut off is never applied anywhere. */
final class MinorityScenario {
    private static final int SERVERS = 3;

    private final LabCluster cluster;
    private final Set<String> applied = ConcurrentHashMap.newKeySet();

    private MinorityScenario(LabCluster.Setting setting) {
        cluster = new LabCluster(setting, SERVERS, (server, persister) -> new Service());
        for (int server = 0; server < SERVERS; server++) {
            cluster.start(server);
        }
        for (int server = 0; server < SERVERS; server++) {
            cluster.connect(server);
        }
    }

    static Scenario scenario() {
        return new Scenario(
                LabPart.LOG, "Minority", "nothing from a minority", SERVERS, setting -> new MinorityScenario(setting)
                        .play());
    }

    private Outcome play() {
        int first = awaitLeader(-1);
        cluster.disconnect(first);
        cluster.note("server " + first + " leads, and nobody hears it");
        start(first, "lost");
        int second = awaitLeader(first);
        start(second, "kept");
        cluster.time().sleep(500);
        cluster.connect(first);
        cluster.time().sleep(1_000);
        if (!applied.equals(Set.of("kept"))) {
            throw new LabFailure("expected that 'kept' and nothing else is applied, but there was " + applied);
        }
        Outcome outcome =
                new Outcome(cluster.network().totalCount(), cluster.network().totalBytes(), applied.size());
        cluster.crashAll();
        return outcome;
    }

    private int awaitLeader(int other) {
        for (int poll = 0; poll < 100; poll++) {
            cluster.time().sleep(50);
            for (int server = 0; server < SERVERS; server++) {
                if (server != other && raft(server).getState().isLeader()) {
                    return server;
                }
            }
        }
        throw new LabFailure("nobody but server " + other + " leads after 5 s");
    }

    private void start(int server, String command) {
        if (!raft(server).start(command.getBytes(StandardCharsets.UTF_8)).isLeader()) {
            throw new LabFailure("server " + server + " refused '" + command + "', though it leads");
        }
    }

    private LabRaft raft(int server) {
        return cluster.raft(server).orElseThrow();
    }

    /** What runs on each server: it notes what it is told. */
    private final class Service implements LabService {
        @Override
        public void attached(LabRaft raft) {
            // It has nothing to ask of it.
        }

        @Override
        public void accept(ApplyMsg message) {
            if (message.commandValid()) {
                applied.add(new String(message.command(), StandardCharsets.UTF_8));
            }
        }
    }
}
