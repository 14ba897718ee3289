package io.jangada.testkit.sim;

import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The misfortune for which a machine that has lost its data must not pass for itself (trap 47): it was needed for what was committed last, comes back empty while those cannot see it
 * that lack this, and then only they and it are left. If they took it for who it was, they could elect a leader without what is committed.
 */
final class Impostor {
    private final SimWorld world;
    private final SimNetwork network;
    private final List<SimNode> nodes;
    private final SimClients clients;
    private final SimNode victim;
    private final Course course;
    private final List<SimNode> behind = new ArrayList<>();
    private final List<SimNode> whole = new ArrayList<>();
    private final long limitNanos;

    /**
     * What the one who begins it all decides.
     *
     * @param goesOn whether the cuts made here are still the latest ones
     * @param loseData makes the victim lose its data, if that may still be
     * @param reconnect ends all cuts
     */
    record Course(BooleanSupplier goesOn, BooleanSupplier loseData, Runnable reconnect) {}

    Impostor(
            SimWorld world,
            SimNetwork network,
            List<SimNode> nodes,
            SimClients clients,
            SimNode victim,
            Course course) {
        this.world = world;
        this.network = network;
        this.nodes = nodes;
        this.clients = clients;
        this.victim = victim;
        this.course = course;
        this.limitNanos = world.scheduler().now() + 2 * timeout();
    }

    /** Whether there is somebody for each part: a leader other than the victim, and enough others that they and the victim are a majority. */
    static boolean fits(SimWorld world, List<SimNode> nodes, SimNode victim) {
        List<NodeId> voters = world.checks().membership().membership().voters();
        return voters.size() % 2 == 1
                && voters.contains(victim.id())
                && nodes.stream().allMatch(node -> node.isRunning() || !voters.contains(node.id()))
                && !victim.leads()
                && nodes.stream().anyMatch(SimNode::leads);
    }

    private long timeout() {
        return world.plan().timing().electionTimeoutMaxNanos();
    }

    private long pause() {
        return world.plan().timing().heartbeatIntervalNanos();
    }

    /** Requires that it fits. */
    void begin() {
        List<NodeId> voters = world.checks().membership().membership().voters();
        nodes.stream().filter(SimNode::leads).findFirst().ifPresent(whole::add);
        for (SimNode node : nodes) {
            if (node == victim || whole.contains(node) || !voters.contains(node.id())) {
                continue;
            }
            // With the victim, a majority and no more.
            (whole.size() < voters.size() / 2 ? whole : behind).add(node);
        }
        world.trace()
                .world(
                        6,
                        () -> behind.stream().map(SimNode::id).toList() + " fall behind before " + victim.id()
                                + " is wiped");
        cutOff(behind);
        await(clients.probe(whole.get(0)));
    }

    private void cutOff(List<SimNode> side) {
        for (SimNode in : side) {
            for (SimNode out : nodes) {
                if (!side.contains(out)) {
                    network.cut(in.id(), out.id());
                    network.cut(out.id(), in.id());
                }
            }
        }
    }

    private void await(SimClients.Request write) {
        later(pause(), () -> {
            if (!write.isDone() && world.scheduler().now() < limitNanos) {
                await(write);
            } else if (write.isOk() && course.loseData().getAsBoolean()) {
                victim.start();
                // Not before its attempts to connect have failed: those who lack what was committed do not hear that it
                // is somebody else.
                later(pause(), this::turn);
            } else {
                course.reconnect().run();
            }
        });
    }

    /** Now those who were cut off and the victim are together, and the others are gone. */
    private void turn() {
        network.heal();
        cutOff(whole);
        later(4 * timeout(), course.reconnect());
    }

    private void later(long nanos, Runnable next) {
        world.scheduler().after(nanos, () -> {
            if (course.goesOn().getAsBoolean()) {
                next.run();
            }
        });
    }
}
