package io.jangada.testkit.sim;

import io.jangada.api.NodeStatus;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.Majority;
import io.jangada.testkit.check.SafetyChecks;
import io.jangada.testkit.check.SafetyViolation;
import io.jangada.testkit.history.Budget;
import io.jangada.testkit.history.CheckResult;
import io.jangada.testkit.history.LinearizabilityChecker;
import io.jangada.testkit.history.RegisterModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * One run of a simulated cluster: faults and clients for a while, then everything is healed and must come to rest.
 *
 * <p>Safety is checked after every event: election safety, one vote per term, log matching, leader completeness, state machine safety,
 * durability of promises, of snapshots and of what is committed, lawful memberships, monotonic progress, and what clients were told. After healing, within a bounded virtual time,
 * every member must take a command, all must end in one state, and no change of the membership may be left open ({@code Liveness}). At the end the history of the clients must be
 * linearizable. Single-threaded and deterministic: the same seed and factory give the same run, to the last event.
 */
public final class Simulation {
    private static final long MAX_EVENTS = 5_000_000;
    private static final Budget HISTORY_BUDGET = new Budget(3_000_000, 500_000, Duration.ofMinutes(2));

    private final SimWorld world;
    private final List<SimNode> nodes = new ArrayList<>();
    private final SimClients clients;
    private final FaultInjector injector;
    private final SimOperator operator;
    private final long seed;
    private long restLimitNanos;
    private boolean ended;
    private final Map<NodeId, SimClients.Request> probes = new TreeMap<>();

    private Simulation(long seed, FaultPlan plan, SimProcess.Factory factory, boolean keepTrace) {
        this.seed = seed;
        SimRandom chance = new SimRandom(seed);
        Scheduler scheduler = new Scheduler();
        List<NodeId> first =
                LongStream.rangeClosed(1, plan.nodes()).mapToObj(NodeId::of).toList();
        List<NodeId> all = LongStream.rangeClosed(
                        1, plan.nodes() + plan.operations().spares())
                .mapToObj(NodeId::of)
                .toList();
        Membership membership = Membership.ofVoters(described(first, plan, chance.fork("priorities")));
        this.world = new SimWorld(
                plan,
                scheduler,
                new Trace(scheduler, all, keepTrace),
                new SafetyChecks(membership),
                new SimStats(),
                chance,
                new DiskAtlas());
        SimNetwork network = new SimNetwork(world, all);
        for (NodeId id : all) {
            nodes.add(new SimNode(id, first.contains(id) ? membership : Membership.NONE, world, network, factory));
        }
        this.clients = new SimClients(world, nodes);
        this.injector = new FaultInjector(world, network, nodes, clients);
        this.operator = new SimOperator(world, nodes);
    }

    private static Map<NodeId, MemberInfo> described(List<NodeId> nodes, FaultPlan plan, SimRandom chance) {
        Map<NodeId, MemberInfo> infos = new TreeMap<>();
        for (NodeId node : nodes) {
            int priority = plan.has(Activity.PRIORITIES) ? chance.below(4) : 0;
            infos.put(node, new MemberInfo("", priority, 0));
        }
        return infos;
    }

    /** Runs the world of this seed. */
    public static SimReport run(long seed, SimProcess.Factory factory) {
        return run(seed, FaultPlan.of(seed), factory);
    }

    /** Runs the world of this seed again, and keeps the trace as a text. */
    public static SimReport runWithTrace(long seed, SimProcess.Factory factory) {
        return runWithTrace(seed, FaultPlan.of(seed), factory);
    }

    /** Runs this world; the seed decides what the plan leaves open. */
    public static SimReport run(long seed, FaultPlan plan, SimProcess.Factory factory) {
        return new Simulation(seed, plan, factory, false).run();
    }

    /** Runs this world again, and keeps the trace as a text. */
    public static SimReport runWithTrace(long seed, FaultPlan plan, SimProcess.Factory factory) {
        return new Simulation(seed, plan, factory, true).run();
    }

    private SimReport run() {
        nodes.forEach(SimNode::start);
        clients.start();
        injector.start();
        operator.start();
        long chaos = world.plan().chaosNanos();
        world.scheduler().at(chaos, this::heal);
        Scheduler scheduler = world.scheduler();
        while (!ended && world.checks().violation() == null && scheduler.runNext()) {
            if (scheduler.executed() > MAX_EVENTS) {
                fail("Liveness", "the world is still busy after " + MAX_EVENTS + " events: something runs in circles");
            }
        }
        clients.requireOrderlyAnswers();
        operator.requireOrderlyAnswers();
        if (world.checks().violation() == null) {
            judgeHistory();
        }
        world.stats().ended(scheduler.now(), scheduler.executed());
        world.stats().deed(Deed.MEMBERSHIP_COMMITTED, world.checks().memberships());
        world.stats().deed(Deed.JOINT_MEMBERSHIP, world.checks().jointEntries());
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
        operator.stop();
        world.atlas().close();
        injector.heal();
        if (world.checks().violation() != null) {
            return;
        }
        // The last stalls of the bad time may last, and requests wait for their own time limit; then a few elections
        // must do, and a few rounds of catching up for who is to become a voter.
        long timeout = world.plan().timing().electionTimeoutMaxNanos();
        restLimitNanos = world.scheduler().now() + 60 * timeout;
        settle();
    }

    /** Looks whether the cluster has come to rest; again and again until it has, or the time is over. */
    private void settle() {
        String restless = restless();
        if (isLost()) {
            ended = true;
            world.stats().deed(Deed.GROUP_LOST);
        } else if (restless.isEmpty()) {
            members().forEach(node -> world.checks()
                    .ended(node.id(), node.stateMachine().serials()));
            ended = true;
            double timeout = world.plan().timing().electionTimeoutMaxNanos();
            world.stats().rest((world.scheduler().now() - world.plan().chaosNanos()) / timeout);
        } else if (world.scheduler().now() > restLimitNanos) {
            fail("Liveness", "no rest long after healing: " + restless + statuses());
        } else {
            world.scheduler().after(world.plan().timing().heartbeatIntervalNanos(), this::settle);
        }
    }

    /** Whether a machine that lost its data took the majority with it, because a change was under way: then there is nothing to wait for. */
    private boolean isLost() {
        Set<NodeId> whole = new HashSet<>();
        nodes.stream().filter(node -> !node.isWiped()).forEach(node -> whole.add(node.id()));
        return whole.size() < nodes.size()
                && nodes.stream()
                        .filter(node -> !node.isWiped())
                        .anyMatch(node -> isStuck(node.knownMembership(), whole));
    }

    private static boolean isStuck(Membership membership, Set<NodeId> whole) {
        return !membership.isNone() && !Majority.of(membership, whole);
    }

    private List<SimNode> members() {
        Membership membership = world.checks().membership().membership();
        return nodes.stream().filter(node -> membership.isMember(node.id())).toList();
    }

    /** What there is still to wait for; empty if nothing. */
    private String restless() {
        MembershipAt membership = world.checks().membership();
        List<SimNode> leaders = nodes.stream().filter(SimNode::leads).toList();
        if (leaders.size() != 1) {
            return leaders.size() + " nodes lead";
        }
        for (SimNode member : members()) {
            if (member.isWiped()) {
                operator.remove(leaders.get(0), member.id());
                return "node " + member.id() + ", which has lost its data, is still a member";
            }
        }
        if (membership.membership().isJoint()
                || !membership.membership().promotions().isEmpty()) {
            return "a change is under way: " + membership;
        }
        return probed() ? unequal(membership) : "not every member has taken a command";
    }

    private boolean probed() {
        boolean answered = true;
        for (SimNode member : members()) {
            SimClients.Request probe = probes.get(member.id());
            if (probe == null || (probe.isDone() && !probe.isOk())) {
                probe = clients.probe(member);
                probes.put(member.id(), probe);
            }
            answered &= probe.isOk();
        }
        return answered;
    }

    private String unequal(MembershipAt membership) {
        Set<Long> digests = new HashSet<>();
        Set<Long> commits = new HashSet<>();
        Set<MembershipAt> memberships = new HashSet<>(Set.of(membership));
        for (SimNode node : members()) {
            digests.add(node.stateMachine().digest());
            NodeStatus status = node.status();
            if (status != null) {
                commits.add(status.raft().commitIndex());
                commits.add(status.raft().lastIndex());
                commits.add(status.appliedIndex());
                memberships.add(status.raft().membership());
            }
        }
        return commits.size() == 1 && digests.size() == 1 && memberships.size() == 1 ? "" : "the members are not equal";
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
