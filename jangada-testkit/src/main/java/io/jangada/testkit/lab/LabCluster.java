package io.jangada.testkit.lab;

import io.jangada.api.NodeStatus;
import io.jangada.testkit.lab.trace.Trace;
import io.jangada.testkit.lab.trace.TraceEvent;
import io.jangada.testkit.lab.trace.TraceEvent.Change;
import io.jangada.testkit.sim.SimRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a lab on one network: started, crashed, connected and disconnected as the scenario says.
 *
 * <p>One thread of the scenario at a time changes it; asking is for all.
 */
public final class LabCluster {

    /**
     * Where a lab happens.
     *
     * @param seeds decides every draw
     */
    public record Setting(LabTime time, SimRandom seeds, Trace trace) {}

    private final Setting setting;
    private final LabNetwork network;
    private final LabService.Factory services;
    private final List<Server> servers = new ArrayList<>();
    private long ends;
    private Duration pace = Duration.ZERO;

    /** One server through all its lives. */
    private static final class Server {
        private Persister persister;
        private List<ClientEnd> outgoing = List.of();
        private volatile boolean connected;
        private volatile @Nullable Life life;

        Server(int number) {
            persister = new Persister(number);
        }
    }

    /** A server from a start to the next crash. */
    private record Life(LabRaft raft, LabService service) {}

    /** So many servers, none of which has been started; long delays are on, as in all Raft labs. */
    public LabCluster(Setting setting, int servers, LabService.Factory services) {
        this.setting = setting;
        this.network = new LabNetwork(setting.time(), setting.seeds(), setting.trace());
        this.services = services;
        network.setLongDelays(true);
        for (int i = 0; i < servers; i++) {
            this.servers.add(new Server(i));
        }
    }

    /** Servers that are started from now on send appends to each other no faster than this. */
    public void paceAppends(Duration least) {
        pace = least;
    }

    public int size() {
        return servers.size();
    }

    public LabNetwork network() {
        return network;
    }

    public LabTime time() {
        return setting.time();
    }

    private static String nameOf(int server) {
        return "server-" + server;
    }

    /** The Raft of a server; empty while it is down. */
    public Optional<LabRaft> raft(int server) {
        return Optional.ofNullable(servers.get(server).life).map(Life::raft);
    }

    /** The service of a server; empty while it is down. */
    public Optional<LabService> service(int server) {
        return Optional.ofNullable(servers.get(server).life).map(Life::service);
    }

    public boolean isUp(int server) {
        return servers.get(server).life != null;
    }

    /** Whether the scenario has connected this server, as it says; a crashed one is not. */
    public boolean isConnected(int server) {
        return servers.get(server).connected;
    }

    /** What this server has saved. */
    public Persister persister(int server) {
        return servers.get(server).persister;
    }

    /** How many requests the server has been handed since its last start. */
    public int received(int server) {
        return network.count(nameOf(server));
    }

    /** Starts a server on what it has saved, after a crash if it runs. It is not connected by that. */
    public void start(int number) {
        crash(number);
        Server server = servers.get(number);
        server.outgoing.forEach(end -> network.deleteEnd(end.name()));
        server.outgoing = IntStream.range(0, size())
                .mapToObj(to -> newEnd("end " + number + "-" + to, number, to))
                .toList();
        LabService service = services.start(number, server.persister);
        LabTime.Consumption channel =
                time().consumption("consumer-" + number, message -> accept(number, service, message));
        record(number, Change.STARTED);
        LabRaft raft = LabRaft.make(server.outgoing, number, server.persister, channel, pace);
        // Traced or not, so that a trace changes nothing about the run.
        raft.onStatusChange(status -> recordRole(number, status));
        service.attached(raft);
        server.life = new Life(raft, service);
        channel.begin();
        network.addServer(nameOf(number), (from, request, reply) -> {
            if (from == ClientEnd.NO_SERVER) {
                service.handle(request, reply);
            } else {
                raft.handler().handle(from, request, reply);
            }
        });
    }

    private ClientEnd newEnd(String name, int from, int to) {
        String unique = name + " #" + ends++;
        ClientEnd end = network.makeEnd(unique, from, to);
        network.connect(unique, nameOf(to));
        return end;
    }

    private void accept(int server, LabService service, ApplyMsg message) {
        service.accept(message);
        if (setting.trace().isOn()) {
            raft(server).map(LabRaft::status).ifPresent(status -> setting.trace()
                    .record(new TraceEvent.Progress(
                            time().elapsedNanos(), server, status.raft().commitIndex(), status.appliedIndex())));
        }
    }

    /** A server ends as if the power had gone; its disk keeps what was synchronised. Nothing happens if it is down. */
    public void crash(int number) {
        disconnect(number);
        Server server = servers.get(number);
        network.deleteServer(nameOf(number));
        Life ending = server.life;
        if (ending != null) {
            server.persister = server.persister.copy();
            server.life = null;
            ending.service().killed();
            ending.raft().kill();
            record(number, Change.CRASHED);
        }
    }

    /** Crashes all servers that run, for good. */
    public void crashAll() {
        IntStream.range(0, size()).forEach(this::crash);
    }

    /** Lets calls between two servers through, in both directions, or no more. */
    public void link(int one, int other, boolean enabled) {
        oneWay(one, other, enabled);
        oneWay(other, one, enabled);
    }

    private void oneWay(int from, int to, boolean enabled) {
        List<ClientEnd> outgoing = servers.get(from).outgoing;
        if (!outgoing.isEmpty()) {
            network.enable(outgoing.get(to).name(), enabled);
        }
    }

    /** Connects a server with all that are connected. */
    public void connect(int server) {
        servers.get(server).connected = true;
        IntStream.range(0, size()).filter(this::isConnected).forEach(other -> link(server, other, true));
        record(server, Change.CONNECTED);
    }

    /** Disconnects a server from all; it runs on. */
    public void disconnect(int server) {
        boolean was = servers.get(server).connected;
        servers.get(server).connected = false;
        IntStream.range(0, size()).forEach(other -> link(server, other, false));
        if (was) {
            record(server, Change.DISCONNECTED);
        }
    }

    /** A client's end to a server; disabled until it is enabled by its name. */
    public ClientEnd clientEnd(String client, int server) {
        return newEnd(client + "-" + server, ClientEnd.NO_SERVER, server);
    }

    /** The largest Raft state that any server has saved, in bytes, snapshots excluded. */
    public int logSize() {
        return servers.stream()
                .mapToInt(server -> server.persister.raftStateSize())
                .max()
                .orElse(0);
    }

    /** The largest snapshot that any server has saved, in bytes. */
    public int snapshotSize() {
        return servers.stream()
                .mapToInt(server -> server.persister.snapshotSize())
                .max()
                .orElse(0);
    }

    /** Says in the trace what the scenario does or has found. */
    public void note(String text) {
        if (setting.trace().isOn()) {
            setting.trace().record(new TraceEvent.Note(time().elapsedNanos(), text));
        }
    }

    private void record(int server, Change change) {
        if (setting.trace().isOn()) {
            setting.trace().record(new TraceEvent.Life(time().elapsedNanos(), server, change));
        }
    }

    private void recordRole(int server, NodeStatus status) {
        if (setting.trace().isOn()) {
            setting.trace()
                    .record(new TraceEvent.Role(
                            time().elapsedNanos(),
                            server,
                            status.raft().role().name(),
                            status.raft().term()));
        }
    }
}
