package io.jangada.transport;

import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.model.NodeId;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways to all peers: to every member, for as long as it is one and a while longer, so that the last messages still leave; and to every
 * other node for as long as it speaks to this one, so that it gets its answers. Any thread.
 *
 * <p>A peer is reached at the address that the memberships give, else at the configured one, else at the one it has told in its greeting.
 */
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /** One peer. Written under the lock of all, but for the time of its last word. */
    private static final class Peer {
        private final NodeId id;
        private volatile @Nullable PeerLink link;
        private volatile boolean member;

        /** When it last said something, or ceased to be a member. Kept only while it is none. */
        private volatile long neededNanos;

        private @Nullable InetSocketAddress told;

        private Peer(NodeId id) {
            this.id = id;
        }
    }

    private final TransportContext context;
    private final Map<NodeId, Peer> peers = new ConcurrentHashMap<>();
    private String ownAddress = "";
    private boolean started;
    private boolean closed;

    Peers(TransportContext context) {
        this.context = context;
    }

    /** Begins to connect. Peers are told that this node can be reached at this address. */
    synchronized void start(String address) {
        ownAddress = address;
        started = true;
        update();
        peers.values().forEach(this::connect);
    }

    /** Null for a node that is no peer, or of which nobody knows where it is. */
    @Nullable
    PeerLink find(NodeId id) {
        Peer peer = peers.get(id);
        return peer == null ? null : peer.link;
    }

    void introduce(MessageReceiver receiver) {
        for (Peer peer : peers.values()) {
            PeerLink link = peer.link;
            if (link != null) {
                link.introduce(receiver);
            }
        }
    }

    /** Follows the roster, which has changed. */
    synchronized void update() {
        if (closed) {
            return;
        }
        Set<NodeId> members = context.roster().members();
        for (NodeId id : members) {
            Peer peer = peers.computeIfAbsent(id, Peer::new);
            peer.member = true;
            connect(peer);
        }
        for (Peer peer : peers.values()) {
            if (peer.member && !members.contains(peer.id)) {
                keepForAWhile(peer);
            }
            PeerLink link = peer.link;
            if (link != null) {
                link.recheck();
            }
        }
    }

    /** Takes note of a node that has greeted, and of where it says it can be reached; false if it is one unknown node too many. */
    synchronized boolean admit(NodeId id, @Nullable InetSocketAddress told) {
        if (closed) {
            return true;
        }
        Peer peer = peers.get(id);
        if (peer == null) {
            if (peers.values().stream().filter(other -> !other.member).count()
                    >= context.config().limits().maxUnknownPeers()) {
                return false;
            }
            peer = new Peer(id);
            peers.put(id, peer);
            keepForAWhile(peer);
        }
        peer.neededNanos = System.nanoTime();
        if (told != null) {
            peer.told = told;
        }
        connect(peer);
        return true;
    }

    /** Takes note that a node has said something. Costs next to nothing. */
    void heard(NodeId id, @Nullable InetSocketAddress told) {
        Peer peer = peers.get(id);
        if (peer == null) {
            admit(id, told);
        } else if (!peer.member) {
            peer.neededNanos = System.nanoTime();
        }
    }

    private void connect(Peer peer) {
        if (!started) {
            return;
        }
        InetSocketAddress known = context.roster().addressOf(peer.id);
        InetSocketAddress address = known == null ? peer.told : known;
        PeerLink before = peer.link;
        if (address == null) {
            if (before == null && peer.member) {
                LOG.info(
                        "the address of member {} is not known; it can be reached when it has connected to this node",
                        peer.id);
            }
            return;
        }
        if (before != null) {
            if (before.leadsTo(address)) {
                return;
            }
            context.throttle()
                    .log(
                            "moved " + peer.id,
                            5,
                            suffix -> LOG.info(
                                    "node {} is reached at {} from now on{}",
                                    peer.id,
                                    AddressText.of(address),
                                    suffix));
            before.close();
        }
        PeerLink link = new PeerLink(new Dialer.Target(peer.id, address, ownAddress), context);
        peer.link = link;
        link.start();
    }

    private void keepForAWhile(Peer peer) {
        peer.member = false;
        peer.neededNanos = System.nanoTime();
        letGoLater(peer, context.config().timing().farewellNanos());
    }

    private void letGoLater(Peer peer, long delayNanos) {
        var unused = context.threads().next().schedule(() -> letGoIfQuiet(peer), delayNanos, TimeUnit.NANOSECONDS);
    }

    private synchronized void letGoIfQuiet(Peer peer) {
        if (closed || peer.member || peers.get(peer.id) != peer) {
            return;
        }
        long leftNanos = context.config().timing().farewellNanos() - (System.nanoTime() - peer.neededNanos);
        if (leftNanos > 0) {
            letGoLater(peer, leftNanos);
            return;
        }
        peers.remove(peer.id);
        PeerLink link = peer.link;
        if (link != null) {
            context.throttle()
                    .log(
                            "let go " + peer.id,
                            2,
                            suffix -> LOG.info(
                                    "let go of node {}, which is no member and says nothing{}", peer.id, suffix));
            link.close();
        }
    }

    synchronized void close() {
        closed = true;
        for (Peer peer : peers.values()) {
            PeerLink link = peer.link;
            if (link != null) {
                link.close();
            }
        }
    }
}
