package io.jangada.testkit.sim;

import io.jangada.api.NodeStatus;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.SafetyChecks;
import io.jangada.testkit.check.SafetyViolation;
import io.jangada.testkit.history.Budget;
import io.jangada.testkit.history.CheckResult;
import io.jangada.testkit.history.LinearizabilityChecker;
import io.jangada.testkit.history.RegisterModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a simulated cluster: faults and clients for a while, then everything is healed and must come to rest.
 *
 * <p>Safety is checked after every event: election safety, one vote per term, log matching, leader completeness, state machine safety,
 * durability of promises and of what is committed, monotonic progress, and what clients were told. After healing, within a bounded virtual time,
 * every node must take a command, and all must end in one state ({@code Liveness}). At the end the history of the clients must be
 * linearizable. Single-threaded and deterministic: the same seed and factory give the same run, to the last event.
 */
public final class Simulation {
    private static final long MAX_EVENTS = 5_000_000;
    private static final Budget HISTORY_BUDGET = new Budget(3_000_000, 500_000, Duration.ofMinutes(2));

    private final SimWorld world;
    private final List<SimNode> nodes = new ArrayList<>();
    private final SimClients clients;
    private final FaultInjector injector;
    private final long seed;
    private long restLimitNanos;
    private boolean ended;
    private List<SimClients.@Nullable Request> probes = List.of();

    private Simulation(long seed, SimProcess.Factory factory, boolean keepTrace) {
        this.seed = seed;
        SimRandom chance = new SimRandom(seed);
        FaultPlan plan = FaultPlan.draw(chance.fork("plan"));
        Scheduler scheduler = new Scheduler();
        List<NodeId> ids =
                LongStream.rangeClosed(1, plan.nodes()).mapToObj(NodeId::of).toList();
        Membership membership = Membership.ofVoters(ids);
        this.world = new SimWorld(
                plan,
                scheduler,
                new Trace(scheduler, ids, keepTrace),
                new SafetyChecks(membership),
                new SimStats(),
                chance);
        SimNetwork network = new SimNetwork(world, ids);
        ids.forEach(id -> nodes.add(new SimNode(id, membership, world, network, factory)));
        this.clients = new SimClients(world, nodes);
        this.injector = new FaultInjector(world, network, nodes, clients);
    }

    /** Runs the world of this seed. */
    public static SimReport run(long seed, SimProcess.Factory factory) {
        return new Simulation(seed, factory, false).run();
    }

    /** Runs the world of this seed again, and keeps the trace as a text. */
    public static SimReport runWithTrace(long seed, SimProcess.Factory factory) {
        return new Simulation(seed, factory, true).run();
    }

    private SimReport run() {
        nodes.forEach(SimNode::start);
        clients.start();
        injector.start();
        long chaos = world.plan().chaosNanos();
        world.scheduler().at(chaos, this::heal);
        Scheduler scheduler = world.scheduler();
        while (!ended && world.checks().violation() == null && scheduler.runNext()) {
            if (scheduler.executed() > MAX_EVENTS) {
                fail("Liveness", "the world is still busy after " + MAX_EVENTS + " events: something runs in circles");
            }
        }
        clients.requireOrderlyAnswers();
        if (world.checks().violation() == null) {
            judgeHistory();
        }
        world.stats().ended(scheduler.now(), scheduler.executed());
        world.stats()
                .achieved(
                        world.checks().elections(),
                        world.checks().committed(),
                        world.checks().acknowledgements(),
                        clients.reads());
        return new SimReport(
                seed,
                world.plan().summary(),
                world.checks().violation(),
                world.stats(),
                world.trace().hash(),
                world.trace().lines());
    }

    private void fail(String promise, String message) {
        world.checks().report(new SafetyViolation(promise, message));
    }

    private void heal() {
        clients.stop();
        injector.heal();
        if (world.checks().violation() != null) {
            return;
        }
        // Stragglers of the bad time may still arrive, requests may still wait for their own time limit; then a few
        // elections must do.
        long timeout = world.plan().timing().electionTimeoutMaxNanos();
        long stragglers = 10 * world.plan().network().stragglerNanos()
                + 10 * world.plan().disk().stallNanos();
        restLimitNanos = world.scheduler().now() + 40 * timeout + stragglers;
        probes = new ArrayList<>(Collections.nCopies(nodes.size(), null));
        settle();
    }

    /** Looks whether the cluster has come to rest; again and again until it has, or the time is over. */
    private void settle() {
        boolean answered = true;
        for (int i = 0; i < nodes.size(); i++) {
            SimClients.Request probe = probes.get(i);
            if (probe == null || (probe.isDone() && !probe.isOk())) {
                probe = clients.probe(nodes.get(i));
                probes.set(i, probe);
            }
            answered &= probe.isOk();
        }
        String restless = answered ? restless() : "not every node has taken a command: " + statuses();
        if (restless.isEmpty()) {
            nodes.forEach(
                    node -> world.checks().ended(node.id(), node.stateMachine().serials()));
            ended = true;
            double timeout = world.plan().timing().electionTimeoutMaxNanos();
            world.stats().rest((world.scheduler().now() - world.plan().chaosNanos()) / timeout);
        } else if (world.scheduler().now() > restLimitNanos) {
            fail("Liveness", "no rest long after healing: " + restless);
        } else {
            world.scheduler().after(world.plan().timing().heartbeatIntervalNanos(), this::settle);
        }
    }

    private String restless() {
        Set<Long> digests = new HashSet<>();
        Set<Long> commits = new HashSet<>();
        int leaders = 0;
        for (SimNode node : nodes) {
            digests.add(node.stateMachine().digest());
            NodeStatus status = node.status();
            if (status != null) {
                commits.add(status.raft().commitIndex());
                commits.add(status.raft().lastIndex());
                commits.add(status.appliedIndex());
                leaders += status.raft().leads() ? 1 : 0;
            }
        }
        return leaders == 1 && commits.size() == 1 && digests.size() == 1 ? "" : statuses();
    }

    private String statuses() {
        StringBuilder text = new StringBuilder();
        for (SimNode node : nodes) {
            text.append("\n  node ").append(node.id()).append(": ").append(node.status());
            text.append(", last command ").append(node.stateMachine().lastIndex());
        }
        return text.toString();
    }

    private void judgeHistory() {
        CheckResult result = new LinearizabilityChecker<>(new RegisterModel(), HISTORY_BUDGET).check(clients.history());
        switch (result.verdict()) {
            case VIOLATION -> fail("Linearizability", result.explanation());
            case UNDECIDED -> world.stats().undecidedHistory();
            case LINEARIZABLE -> {}
        }
    }
}
