package io.jangada.testkit.sim;

import io.jangada.api.GroupId;
import io.jangada.api.RaftNode;
import io.jangada.node.LocalNode;
import io.jangada.node.NodeConfig;
import io.jangada.node.SnapshotPolicy;
import io.jangada.node.Worker;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The real node, stepped by hand: the only class of the simulator that knows it. */
public final class LocalNodeProcess implements SimProcess {
    private static final int INBOX_CAPACITY = 512;
    private static final int MAX_UNAPPLIED = 5_000;

    private final LocalNode<Long> node;
    private final Map<Part, Worker> workers = new EnumMap<>(Part.class);

    private LocalNodeProcess(LocalNode<Long> node) {
        this.node = node;
        List<Worker> all = node.workers();
        Part[] parts = Part.values();
        if (all.size() != parts.length) {
            throw new IllegalStateException("a node has " + all.size() + " workers, but the simulator knows "
                    + parts.length + "; name the new one in SimProcess.Part");
        }
        for (int i = 0; i < parts.length; i++) {
            workers.put(parts[i], all.get(i));
        }
    }

    /** Starts the real node on this machine. */
    public static SimProcess start(Machine machine) {
        Duration timeout = Duration.ofNanos(4 * machine.config().timing().electionTimeoutMaxNanos());
        int entries = machine.snapshotEntries();
        SnapshotPolicy policy = entries == 0 ? SnapshotPolicy.ON_REQUEST : new SnapshotPolicy(entries, Long.MAX_VALUE);
        NodeConfig config =
                new NodeConfig(machine.config(), GroupId.FIRST, timeout, INBOX_CAPACITY, MAX_UNAPPLIED, policy);
        LocalNode.Ports ports =
                new LocalNode.Ports(machine.storage(), machine.snapshots(), machine.transport(), machine.clock());
        return new LocalNodeProcess(LocalNode.assemble(config, ports, machine.stateMachine(), machine.seed()));
    }

    private Worker worker(Part part) {
        Worker worker = workers.get(part);
        if (worker == null) {
            throw new IllegalArgumentException("no worker for " + part);
        }
        return worker;
    }

    @Override
    public long run(Part part, long nowNanos) {
        return worker(part).runOnce(nowNanos);
    }

    @Override
    public void onWork(Part part, Runnable signal) {
        worker(part).onWork(signal);
    }

    @Override
    public RaftNode<Long> node() {
        return node;
    }
}
