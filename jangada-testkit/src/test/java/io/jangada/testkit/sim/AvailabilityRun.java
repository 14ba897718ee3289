package io.jangada.testkit.sim;

import io.jangada.api.RaftNode;
import io.jangada.core.config.Limits;
import io.jangada.core.config.Timing;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.SafetyChecks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/**
 * Five members in good weather, to whom one bad thing happens, with clients at every member all the time: how long does nobody's command get through?
 */
final class AvailabilityRun {
    private static final long MILLI = 1_000_000;
    private static final int NODES = 5;

    /** What happens. */
    enum Mishap {
        /** Two members die, together or one after the other, often the leader first, and do not come back. */
        TWO_DEATHS,
        /** Links die in both directions; each node of some majority still reaches a majority. */
        PARTIAL_PARTITION,
        /** As before, and further links carry messages in one direction only. */
        ASYMMETRIC_PARTITION
    }

    private final SimWorld world;
    private final SimNetwork network;
    private final List<SimNode> nodes = new ArrayList<>();
    private final SimRandom chance;
    private final long timeoutNanos;
    private final List<CompletableFuture<Void>> answers = new ArrayList<>();
    private long mishapNanos;
    private long lastSuccessNanos;
    private long longestGapNanos;
    private long nextSerial = 1;

    private AvailabilityRun(long seed, boolean keepTrace) {
        SimRandom root = new SimRandom(seed);
        this.chance = root.fork("availability");
        FaultPlan plan = calm(chance);
        this.timeoutNanos = plan.timing().electionTimeoutMaxNanos();
        Scheduler scheduler = new Scheduler();
        List<NodeId> ids = LongStream.rangeClosed(1, NODES).mapToObj(NodeId::of).toList();
        Membership membership = Membership.ofVoters(ids);
        this.world = new SimWorld(
                plan,
                scheduler,
                new Trace(scheduler, ids, keepTrace),
                new SafetyChecks(membership),
                new SimStats(),
                root,
                new DiskAtlas());
        this.network = new SimNetwork(world, ids);
        ids.forEach(id -> nodes.add(new SimNode(id, membership, world, network, LocalNodeProcess::start)));
    }

    private static FaultPlan calm(SimRandom chance) {
        long heartbeat = chance.between(20, 100);
        long shortest = heartbeat * chance.between(5, 10);
        Timing timing = Timing.ofMillis(heartbeat, shortest, shortest * chance.between(18, 25) / 10);
        FaultPlan.NetworkWeather network =
                new FaultPlan.NetworkWeather(MILLI / 10, chance.between(MILLI / 50, 2 * MILLI), 0, 0, 0, 1);
        FaultPlan.DiskWeather disk =
                new FaultPlan.DiskWeather(MILLI / 10, chance.between(MILLI / 50, 3 * MILLI), 0, 1, 0);
        return new FaultPlan(
                NODES,
                timing,
                Limits.DEFAULT,
                Set.of(),
                network,
                disk,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                0,
                NODES,
                1,
                10 * MILLI,
                16,
                Operations.NONE,
                DiskDecay.NONE);
    }

    /** What a run has shown: the longest time without progress from the mishap on, in longest election timeouts. */
    record Outcome(double gap, List<String> trace) {
        Outcome {
            trace = List.copyOf(trace);
        }
    }

    static Outcome of(long seed, Mishap mishap, boolean keepTrace) {
        AvailabilityRun run = new AvailabilityRun(seed, keepTrace);
        double gap = run.run(mishap);
        return new Outcome(gap, run.world.trace().lines());
    }

    private double run(Mishap mishap) {
        nodes.forEach(SimNode::start);
        nodes.forEach(node -> propose(node, chance.fork("client " + node.id())));
        Scheduler scheduler = world.scheduler();
        long begin = 4 * timeoutNanos + chance.between(0, timeoutNanos);
        scheduler.at(begin, () -> strike(mishap));
        long end = begin + 8 * timeoutNanos;
        while (scheduler.now() < end && scheduler.runNext()) {
            if (world.checks().violation() != null) {
                throw new AssertionError(
                        "a promise was broken: " + world.checks().violation());
            }
        }
        progressed();
        return (double) longestGapNanos / timeoutNanos;
    }

    private void propose(SimNode node, SimRandom pauses) {
        world.scheduler().after(pauses.between(20 * MILLI, 80 * MILLI), () -> {
            RaftNode<Long> target = node.reachable();
            if (target != null) {
                long serial = nextSerial++;
                world.checks().proposed(serial);
                answers.add(
                        target.propose(new SimCommand(0, serial, 8).encode()).thenAccept(index -> progressed()));
                propose(node, pauses);
            }
        });
    }

    private void progressed() {
        long now = world.scheduler().now();
        if (mishapNanos > 0) {
            longestGapNanos = Math.max(longestGapNanos, now - lastSuccessNanos);
        }
        lastSuccessNanos = now;
    }

    private void strike(Mishap mishap) {
        mishapNanos = world.scheduler().now();
        if (mishap == Mishap.TWO_DEATHS) {
            victim().crash(true);
            long later = chance.chance(0.5) ? 0 : chance.between(0, 3 * timeoutNanos);
            world.scheduler().after(later, () -> victim().crash(true));
        } else {
            cutLinks(mishap == Mishap.ASYMMETRIC_PARTITION);
        }
    }

    private SimNode victim() {
        List<SimNode> up = nodes.stream().filter(SimNode::isUp).toList();
        return chance.chance(0.6)
                ? up.stream().filter(SimNode::leads).findFirst().orElse(up.get(0))
                : chance.pick(up);
    }

    /** Draws until each node of a majority can exchange messages with a majority, itself included. */
    private void cutLinks(boolean oneWay) {
        Set<Long> dead = new HashSet<>();
        do {
            dead.clear();
            double share = 0.1 + 0.6 * chance.unit();
            int alone = chance.chance(0.4) ? leaderOr(chance.below(NODES)) : NODES;
            for (int from = 0; from < NODES; from++) {
                for (int to = from + 1; to < NODES; to++) {
                    boolean cut = chance.chance(from == alone || to == alone ? 0.8 : share);
                    int direction = oneWay ? chance.below(3) : 0;
                    if (cut && direction != 1) {
                        dead.add(link(from, to));
                    }
                    if (cut && direction != 2) {
                        dead.add(link(to, from));
                    }
                }
            }
        } while (dead.isEmpty() || wellConnected(dead) <= NODES / 2);
        for (int from = 0; from < NODES; from++) {
            for (int to = 0; to < NODES; to++) {
                if (dead.contains(link(from, to))) {
                    network.cut(nodes.get(from).id(), nodes.get(to).id());
                    String text = "link " + nodes.get(from).id() + " > "
                            + nodes.get(to).id() + " dies";
                    world.trace().world(1, () -> text);
                }
            }
        }
    }

    private int leaderOr(int other) {
        for (int i = 0; i < NODES; i++) {
            if (nodes.get(i).leads()) {
                return i;
            }
        }
        return other;
    }

    private static long link(int from, int to) {
        return (long) from * NODES + to;
    }

    private static int wellConnected(Set<Long> dead) {
        int well = 0;
        for (int node = 0; node < NODES; node++) {
            int peers = 1;
            for (int peer = 0; peer < NODES; peer++) {
                if (peer != node && !dead.contains(link(node, peer)) && !dead.contains(link(peer, node))) {
                    peers++;
                }
            }
            well += peers > NODES / 2 ? 1 : 0;
        }
        return well;
    }
}
