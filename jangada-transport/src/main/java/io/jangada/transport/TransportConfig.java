package io.jangada.transport;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * What one transport is started with.
 *
 * @param cluster the cluster of this node; connections of any other are refused
 * @param self this node
 * @param listen where peers reach this node; port 0 takes a free one
 * @param peers the other nodes and where to reach them; best unresolved ({@link InetSocketAddress#createUnresolved}), for names are looked up
 *     anew for each attempt to connect. This node itself may be among them and is left out, so that all nodes can be given the same map.
 * @param ioThreads the threads that carry all connections; 1 is right unless a single core cannot carry the traffic
 */
public record TransportConfig(
        ClusterId cluster,
        NodeId self,
        InetSocketAddress listen,
        Map<NodeId, InetSocketAddress> peers,
        TransportLimits limits,
        TransportTiming timing,
        int ioThreads) {

    public TransportConfig {
        if (self.isNone()) {
            throw new IllegalArgumentException("node id 0 is reserved for 'no node'; give this node another one");
        }
        if (peers.containsKey(NodeId.NONE)) {
            throw new IllegalArgumentException("peers contain node id 0, which is reserved for 'no node'");
        }
        if (ioThreads < 1 || ioThreads > 64) {
            throw new IllegalArgumentException("ioThreads is " + ioThreads + "; it must be from 1 to 64");
        }
        peers = Map.copyOf(peers);
        for (Map.Entry<NodeId, InetSocketAddress> peer : peers.entrySet()) {
            if (!peer.getKey().equals(self) && peer.getValue().getPort() == 0) {
                throw new IllegalArgumentException(
                        "peer " + peer.getKey() + " has port 0; give the port it listens on");
            }
        }
    }

    /** A configuration with the default limits, the default timing and one thread. */
    public static TransportConfig of(
            ClusterId cluster, NodeId self, InetSocketAddress listen, Map<NodeId, InetSocketAddress> peers) {
        return new TransportConfig(cluster, self, listen, peers, TransportLimits.DEFAULT, TransportTiming.DEFAULT, 1);
    }

    public TransportConfig withLimits(TransportLimits newLimits) {
        return new TransportConfig(cluster, self, listen, peers, newLimits, timing, ioThreads);
    }

    public TransportConfig withTiming(TransportTiming newTiming) {
        return new TransportConfig(cluster, self, listen, peers, limits, newTiming, ioThreads);
    }

    public TransportConfig withIoThreads(int newIoThreads) {
        return new TransportConfig(cluster, self, listen, peers, limits, timing, newIoThreads);
    }
}
