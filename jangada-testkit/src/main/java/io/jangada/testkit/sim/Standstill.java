package io.jangada.testkit.sim;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The misfortune that a lease must be proof against (trap 38): a leader stands still just after it has looked at the clock, and nobody reaches it. The others elect a new
 * leader, and a client writes there. Then another client, who knows nothing of all this, asks the old leader, and the old leader wakes up and believes that no time has passed.
 *
 * <p>Left to chance, these things hardly ever come together: any message of the new term tells the old leader before it answers.
 */
final class Standstill {
    private final SimWorld world;
    private final SimNetwork network;
    private final List<SimNode> nodes;
    private final SimClients clients;
    private final SimNode old;
    private final BooleanSupplier stopped;
    private final Runnable reconnect;
    private final long limitNanos;
    private SimClients.@Nullable Request write;

    Standstill(
            SimWorld world, SimNetwork network, List<SimNode> nodes, SimClients clients, SimNode old, Ending ending) {
        this.world = world;
        this.network = network;
        this.nodes = nodes;
        this.clients = clients;
        this.old = old;
        this.stopped = ending.stopped();
        this.reconnect = ending.reconnect();
        this.limitNanos = world.scheduler().now() + world.plan().timing().electionTimeoutMaxNanos() * 5 / 2;
    }

    /**
     * How the standstill ends.
     *
     * @param stopped whether all faults have been ended already
     * @param reconnect called when the links of the leader may heal
     */
    record Ending(BooleanSupplier stopped, Runnable reconnect) {}

    void begin() {
        world.trace().world(5, () -> "leader " + old.id() + " stands still, and nobody reaches it");
        for (SimNode other : nodes) {
            if (other != old) {
                network.cut(old.id(), other.id());
                network.cut(other.id(), old.id());
            }
        }
        old.pauseAfterLookAtClock();
        lookAgain();
    }

    private void lookAgain() {
        world.scheduler().after(pause(), () -> {
            if (!stopped.getAsBoolean()) {
                look();
            }
        });
    }

    private long pause() {
        return world.plan().timing().heartbeatIntervalNanos();
    }

    private void look() {
        boolean stands = old.isUp() && !old.isRunning();
        boolean written = stands && hasWritten();
        if (stands && !written && world.scheduler().now() < limitNanos) {
            lookAgain();
            return;
        }
        if (written) {
            clients.readByLease(old);
        }
        if (stands) {
            old.resume();
        }
        // Not at once: what the new leader says must not be there first.
        world.scheduler().after(pause(), reconnect);
    }

    /** Whether a client has written at a new leader; one tries as soon as there is one, and again if that fails. */
    private boolean hasWritten() {
        SimClients.Request last = write;
        if (last != null && last.isDone()) {
            write = last.isOk() ? last : null;
            return last.isOk();
        }
        if (last == null) {
            write = nodes.stream()
                    .filter(node -> node != old && node.leads() && node.isRunning())
                    .findFirst()
                    .map(clients::probe)
                    .orElse(null);
        }
        return false;
    }
}
