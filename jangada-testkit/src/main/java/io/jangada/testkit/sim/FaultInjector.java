package io.jangada.testkit.sim;

import io.jangada.core.model.Membership;
import java.util.ArrayList;
import java.util.List;

/** Brings the big faults of a plan over the cluster, one after the other, until it is stopped. */
final class FaultInjector {
    private static final List<Fault> BIG = List.of(
            Fault.RECONNECT,
            Fault.PARTITION,
            Fault.ONE_WAY_PARTITION,
            Fault.PARTIAL_PARTITION,
            Fault.ISOLATION,
            Fault.CRASH,
            Fault.CRASH_IN_WRITE,
            Fault.CRASH_IN_SNAPSHOT,
            Fault.WIPE,
            Fault.CRASH_ALL,
            Fault.PAUSE);

    private final SimWorld world;
    private final SimNetwork network;
    private final List<SimNode> nodes;
    private final SimClients clients;
    private final SimRandom chance;
    private final SimRandom standstills;
    private final SimRandom impostors;
    private final List<Fault> faults;
    private boolean stopped;
    private int cuts;

    FaultInjector(SimWorld world, SimNetwork network, List<SimNode> nodes, SimClients clients) {
        this.world = world;
        this.network = network;
        this.nodes = nodes;
        this.clients = clients;
        this.chance = world.chance().fork("faults");
        this.standstills = world.chance().fork("standstills");
        this.impostors = world.chance().fork("impostors");
        this.faults = BIG.stream().filter(world.plan()::has).toList();
    }

    void start() {
        if (world.plan().has(Fault.CLOCK_DRIFT)) {
            world.stats().fault(Fault.CLOCK_DRIFT);
        }
        if (!faults.isEmpty()) {
            planNext();
        }
    }

    /** Ends all faults: everything runs again and can talk. */
    void heal() {
        stopped = true;
        world.trace().world(0, () -> "everything is healed");
        network.calm();
        network.heal();
        nodes.forEach(SimNode::calm);
        nodes.forEach(SimNode::resume);
        nodes.stream().filter(node -> !node.isWiped()).forEach(this::start);
    }

    private void planNext() {
        world.scheduler().after(1 + chance.exponential(world.plan().faultIntervalNanos()), () -> {
            if (!stopped) {
                strike(chance.pick(faults));
                planNext();
            }
        });
    }

    private void strike(Fault fault) {
        switch (fault) {
            case RECONNECT -> reconnect();
            case PARTITION, ONE_WAY_PARTITION, ISOLATION -> cut(fault);
            case PARTIAL_PARTITION -> cutHereAndThere();
            case CRASH, CRASH_IN_WRITE, CRASH_IN_SNAPSHOT -> crash(victim(), fault);
            case WIPE -> wipe(victim(), 8);
            case CRASH_ALL -> crashAll();
            case PAUSE -> pause(victim());
            default -> throw new IllegalArgumentException(fault + " is weather, not an event");
        }
    }

    /** Any node, but more often the leader than the others: most is at stake there. */
    private SimNode victim() {
        if (chance.chance(0.3)) {
            for (SimNode node : nodes) {
                if (node.leads()) {
                    return node;
                }
            }
        }
        return chance.pick(nodes);
    }

    private long duration() {
        return 1 + chance.exponential(2 * world.plan().timing().electionTimeoutMaxNanos());
    }

    private void reconnect() {
        SimNode one = chance.pick(nodes);
        SimNode other = chance.pick(nodes);
        if (one != other) {
            world.stats().fault(Fault.RECONNECT);
            world.trace().world(1, () -> "connection " + one.id() + " - " + other.id() + " breaks");
            network.reconnect(one.id(), other.id());
        }
    }

    private void cut(Fault fault) {
        List<SimNode> side = new ArrayList<>();
        SimNode alone = victim();
        for (SimNode node : nodes) {
            if (fault == Fault.ISOLATION ? node == alone : chance.chance(0.5)) {
                side.add(node);
            }
        }
        boolean outwards = chance.chance(0.5);
        int links = 0;
        for (SimNode in : nodes) {
            for (SimNode out : nodes) {
                if (!side.contains(in) || side.contains(out)) {
                    continue;
                }
                if (fault != Fault.ONE_WAY_PARTITION) {
                    network.cut(in.id(), out.id());
                    network.cut(out.id(), in.id());
                    links++;
                } else if (chance.chance(0.7)) {
                    network.cut(outwards ? in.id() : out.id(), outwards ? out.id() : in.id());
                    links++;
                }
            }
        }
        if (links == 0) {
            return;
        }
        world.trace()
                .world(
                        2,
                        () -> fault + " around "
                                + side.stream().map(SimNode::id).toList());
        healLater(fault);
    }

    private void cutHereAndThere() {
        double share = 0.1 + 0.4 * chance.unit();
        List<String> cut = new ArrayList<>();
        for (SimNode from : nodes) {
            for (SimNode to : nodes) {
                if (from != to && chance.chance(share)) {
                    network.cut(from.id(), to.id());
                    cut.add(from.id() + ">" + to.id());
                    if (chance.chance(0.7)) {
                        network.cut(to.id(), from.id());
                        cut.add(to.id() + ">" + from.id());
                    }
                }
            }
        }
        if (!cut.isEmpty()) {
            world.trace().world(4, () -> "links die: " + cut);
            healLater(Fault.PARTIAL_PARTITION);
        }
    }

    private void healLater(Fault fault) {
        world.stats().fault(fault);
        int mine = ++cuts;
        world.scheduler().after(duration(), () -> heal(mine));
    }

    /** Ends these cuts, if they are the latest. */
    private void heal(int which) {
        if (!stopped && which == cuts) {
            world.trace().world(3, () -> "links heal");
            network.heal();
        }
    }

    /**
     * A machine loses everything. Only when every disk remembers the number of its data folder, so that it can be told from itself; only if a majority is left without it; and
     * never a second one before the first has left the membership: a group cannot be asked for more. Tried again a little later if the world is not ripe.
     */
    private void wipe(SimNode node, int tries) {
        if (!mayLoseData(node)) {
            if (tries > 1) {
                world.scheduler().after(duration() / 4, () -> {
                    if (!stopped) {
                        wipe(victim(), tries - 1);
                    }
                });
            }
        } else if (world.plan().has(Activity.INCARNATIONS)
                && impostors.chance(0.5)
                && Impostor.fits(world, nodes, node)) {
            int mine = ++cuts;
            Impostor.Course course =
                    new Impostor.Course(() -> !stopped && mine == cuts, () -> losesData(node), () -> heal(mine));
            new Impostor(world, network, nodes, clients, node, course).begin();
        } else {
            loseData(node);
            if (chance.chance(0.7)) {
                world.scheduler().after(duration() / 2, () -> start(node));
            }
        }
    }

    private boolean mayLoseData(SimNode node) {
        Membership membership = world.checks().membership().membership();
        boolean known = node.incarnation() != 0
                && membership.infoOf(node.id()).incarnation() == node.incarnation()
                && world.checks().membershipIsKnownToAll();
        boolean spared = membership.voters().size() >= 3
                && !membership.isJoint()
                && nodes.stream().noneMatch(other -> other.isWiped() && membership.isMember(other.id()));
        return known && spared && node.isUp() && !node.isWiped();
    }

    private boolean losesData(SimNode node) {
        boolean may = mayLoseData(node);
        if (may) {
            loseData(node);
        }
        return may;
    }

    private void loseData(SimNode node) {
        world.stats().fault(Fault.WIPE);
        // Two machines that have lost their data, or the only one, could begin the group anew if they were told who
        // began it: no protocol can see that they did so before.
        boolean first = world.plan().nodes() > 1 && nodes.stream().noneMatch(SimNode::isWiped);
        node.wipe(first && chance.chance(0.5));
        clients.lost(node);
    }

    private void crash(SimNode node, Fault fault) {
        if (!node.isUp()) {
            return;
        }
        world.stats().fault(fault);
        if (fault == Fault.CRASH_IN_WRITE) {
            node.crashIn(SimProcess.Part.JOURNAL, 3);
        } else if (fault == Fault.CRASH_IN_SNAPSHOT) {
            node.crashIn(SimProcess.Part.SNAPSHOT, 8);
        } else if (!world.plan().decay().isNone() && chance.chance(0.7)) {
            // What is being written is what a power failure spoils.
            node.crashIn(SimProcess.Part.JOURNAL, 2);
        } else {
            node.crash(chance.chance(0.7));
        }
        clients.lost(node);
        world.scheduler().after(duration(), () -> start(node));
    }

    private void start(SimNode node) {
        if (!node.isUp() && (stopped || !node.isRetired())) {
            world.stats().restart();
            node.start();
        }
    }

    private void crashAll() {
        world.stats().fault(Fault.CRASH_ALL);
        for (SimNode node : nodes) {
            if (node.isUp()) {
                node.crash(true);
                clients.lost(node);
            }
            if (!node.isWiped()) {
                world.scheduler().after(duration() / 4, () -> start(node));
            }
        }
    }

    private void pause(SimNode node) {
        if (!node.isRunning()) {
            return;
        }
        world.stats().fault(Fault.PAUSE);
        if (world.plan().has(Activity.LEASE_READS) && node.leads() && standstills.chance(0.5)) {
            int mine = ++cuts;
            Standstill.Ending ending = new Standstill.Ending(() -> stopped, () -> heal(mine));
            new Standstill(world, network, nodes, clients, node, ending).begin();
        } else {
            node.pause();
            world.scheduler().after(duration(), node::resume);
        }
    }
}
