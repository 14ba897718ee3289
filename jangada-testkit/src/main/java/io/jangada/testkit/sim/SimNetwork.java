package io.jangada.testkit.sim;

import io.jangada.api.GroupId;
import io.jangada.api.spi.MessageReceiver;
import io.jangada.api.spi.Transport;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The simulated network: a directed link between each two nodes, with weather, cuts, and connections that break. */
final class SimNetwork {
    private record Pair(NodeId from, NodeId to) {}

    private static final class Link {
        boolean cut;
        int connection;
        long lastArrivalNanos;
    }

    private final SimWorld world;
    private final SimRandom chance;
    private final Map<Pair, Link> links = new HashMap<>();
    private final Map<NodeId, MessageReceiver> receivers = new TreeMap<>();
    private final Map<NodeId, Attachment> attachments = new TreeMap<>();
    private boolean calm;

    SimNetwork(SimWorld world, List<NodeId> nodes) {
        this.world = world;
        this.chance = world.chance().fork("network");
        for (NodeId from : nodes) {
            for (NodeId to : nodes) {
                links.put(new Pair(from, to), new Link());
            }
        }
    }

    private Link link(NodeId from, NodeId to) {
        Link link = links.get(new Pair(from, to));
        if (link == null) {
            throw new IllegalArgumentException("no link from " + from + " to " + to);
        }
        return link;
    }

    /** The transport of one run of a node, whose data folder has this number. */
    Transport attach(NodeId node, long incarnation) {
        Attachment attachment = new Attachment(node, incarnation);
        attachments.put(node, attachment);
        return attachment;
    }

    /** Whether both let each other in: each has the data folder by which the other knows it. */
    private boolean acquainted(NodeId one, NodeId other) {
        Attachment first = attachments.get(one);
        Attachment second = attachments.get(other);
        if (first == null || second == null) {
            return false;
        }
        if (first.accepts(second) && second.accepts(first)) {
            return true;
        }
        world.stats().deed(Deed.WIPED_REFUSED);
        return false;
    }

    /** The node is gone: nothing reaches it any more. */
    void detach(NodeId node) {
        receivers.remove(node);
        attachments.remove(node);
    }

    /** Ends all bad weather; cuts remain until healed. */
    void calm() {
        calm = true;
        // New messages need not queue up behind the last stragglers.
        links.values().forEach(link -> link.lastArrivalNanos = 0);
    }

    /** Whether the bad weather has ended. */
    boolean isCalm() {
        return calm;
    }

    void cut(NodeId from, NodeId to) {
        link(from, to).cut = true;
    }

    boolean isCut(NodeId from, NodeId to) {
        return link(from, to).cut;
    }

    /** Ends all cuts. Some connections have survived them, others are made anew. */
    void heal() {
        List<NodeId> nodes = List.copyOf(receivers.keySet());
        for (NodeId from : nodes) {
            for (NodeId to : nodes) {
                if (from.compareTo(to) < 0 && (isCut(from, to) || isCut(to, from)) && chance.chance(0.5)) {
                    reconnect(from, to);
                }
            }
        }
        links.values().forEach(link -> link.cut = false);
    }

    /** Breaks the connections between two nodes; new ones stand a little later, unless the link is cut then. */
    void reconnect(NodeId one, NodeId other) {
        link(one, other).connection++;
        link(other, one).connection++;
        world.scheduler().after(delay(), () -> {
            if (!isCut(one, other) && !isCut(other, one)) {
                connected(one, other);
                connected(other, one);
            }
        });
    }

    private void connected(NodeId node, NodeId peer) {
        MessageReceiver receiver = receivers.get(node);
        Attachment other = attachments.get(peer);
        if (receiver != null && other != null && receivers.containsKey(peer) && acquainted(node, peer)) {
            world.trace().on(node, peer.value(), () -> "connected to " + peer);
            receiver.peerConnected(peer, other.incarnation);
        }
    }

    private long delay() {
        FaultPlan.NetworkWeather weather = world.plan().network();
        long delay = weather.minDelayNanos() + chance.exponential(weather.meanExtraNanos());
        if (!calm && chance.chance(weather.stragglerProbability())) {
            delay += chance.exponential(weather.stragglerNanos());
        }
        return delay;
    }

    private void send(Message message) {
        world.checks().sent(message);
        world.stats().message();
        Link link = link(message.from(), message.to());
        FaultPlan.NetworkWeather weather = world.plan().network();
        if (link.cut) {
            return;
        }
        if (!calm && chance.chance(weather.dropProbability())) {
            world.stats().fault(Fault.DROP);
            return;
        }
        travel(message, link);
        if (!calm && chance.chance(weather.duplicateProbability())) {
            world.stats().fault(Fault.DUPLICATE);
            travel(message, link);
        }
    }

    private void travel(Message message, Link link) {
        long arrival = world.scheduler().now() + delay();
        if (arrival < link.lastArrivalNanos) {
            if (world.plan().has(Fault.REORDER) && !calm) {
                world.stats().fault(Fault.REORDER);
            } else {
                arrival = link.lastArrivalNanos;
            }
        }
        link.lastArrivalNanos = Math.max(link.lastArrivalNanos, arrival);
        int connection = link.connection;
        world.scheduler().at(arrival, () -> {
            MessageReceiver receiver = receivers.get(message.to());
            if (receiver == null
                    || link.cut
                    || link.connection != connection
                    || !acquainted(message.from(), message.to())) {
                return;
            }
            world.trace()
                    .on(
                            message.to(),
                            MessageText.fingerprint(message),
                            () -> message.from() + "> " + MessageText.of(message));
            receiver.receive(message);
        });
    }

    private final class Attachment implements Transport {
        private final NodeId node;
        private final long incarnation;
        private Membership membership = Membership.NONE;
        private boolean open = true;

        Attachment(NodeId node, long incarnation) {
            this.node = node;
            this.incarnation = incarnation;
        }

        boolean accepts(Attachment other) {
            long known = membership.infoOf(other.node).incarnation();
            return known == 0 || other.incarnation == 0 || known == other.incarnation;
        }

        @Override
        public void register(GroupId group, MessageReceiver receiver) {
            receivers.put(node, receiver);
            for (NodeId peer : List.copyOf(receivers.keySet())) {
                if (!peer.equals(node)) {
                    reconnect(node, peer);
                }
            }
        }

        @Override
        public void members(GroupId group, Membership present) {
            membership = present;
        }

        @Override
        public void send(GroupId group, Message message) {
            if (open) {
                SimNetwork.this.send(message);
            }
        }

        @Override
        public void close() {
            open = false;
            if (attachments.get(node) == this) {
                detach(node);
            }
        }
    }
}
