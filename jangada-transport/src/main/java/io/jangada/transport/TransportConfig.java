package io.jangada.transport;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import io.jangada.transport.wire.Hello;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one transport is started with.
 *
 * @param cluster the cluster of this node; connections of any other are refused
 * @param self this node
 * @param listen where peers reach this node; port 0 takes a free one
 * @param peers the other nodes and where to reach them; best unresolved ({@link InetSocketAddress#createUnresolved}), for names are looked up
 *     anew for each attempt to connect. This node itself may be among them and is left out, so that all nodes can be given the same map.
 * @param addresses finds where peers reach a member in the address that a membership gives it; the configured peers are the fallback
 * @param advertised where peers can reach this node, for those that know it from nowhere else; null for the address it has among the peers, or else the one it
 *     listens on. A peer replaces an address that stands for all of a machine's by the one that the connection comes from.
 * @param incarnation the number of this node's data folder, drawn when it was made, by which peers notice that a disk was wiped or replaced; 0 for none
 * @param ioThreads the threads that carry all connections; 1 is right unless a single core cannot carry the traffic
 * @param whenDisowned told, on a thread of the transport, what a peer says that knows this node by another data folder: it is not the member that it says it is
 */
public record TransportConfig(
        ClusterId cluster,
        NodeId self,
        InetSocketAddress listen,
        Map<NodeId, InetSocketAddress> peers,
        TransportLimits limits,
        TransportTiming timing,
        AddressReader addresses,
        @Nullable InetSocketAddress advertised,
        long incarnation,
        int ioThreads,
        Consumer<String> whenDisowned) {

    /** The longest name that a host can have. */
    private static final int MAX_HOST_LENGTH = 255;

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
        if (advertised != null && advertised.getHostString().length() > MAX_HOST_LENGTH) {
            throw new IllegalArgumentException("the advertised host name has "
                    + advertised.getHostString().length() + " characters; at most " + MAX_HOST_LENGTH
                    + " are possible");
        }
        peers = Map.copyOf(peers);
        for (Map.Entry<NodeId, InetSocketAddress> peer : peers.entrySet()) {
            if (!peer.getKey().equals(self) && peer.getValue().getPort() == 0) {
                throw new IllegalArgumentException(
                        "peer " + peer.getKey() + " has port 0; give the port it listens on");
            }
        }
    }

    /** A configuration with the default limits, the default timing and one thread, for a node that says nothing of its data folder. */
    public static TransportConfig of(
            ClusterId cluster, NodeId self, InetSocketAddress listen, Map<NodeId, InetSocketAddress> peers) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                TransportLimits.DEFAULT,
                TransportTiming.DEFAULT,
                AddressReader.HOST_AND_PORT,
                null,
                0,
                1,
                why -> {});
    }

    public TransportConfig withLimits(TransportLimits newLimits) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                newLimits,
                timing,
                addresses,
                advertised,
                incarnation,
                ioThreads,
                whenDisowned);
    }

    public TransportConfig withTiming(TransportTiming newTiming) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                limits,
                newTiming,
                addresses,
                advertised,
                incarnation,
                ioThreads,
                whenDisowned);
    }

    public TransportConfig withAddresses(AddressReader newAddresses) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                limits,
                timing,
                newAddresses,
                advertised,
                incarnation,
                ioThreads,
                whenDisowned);
    }

    public TransportConfig withAdvertised(InetSocketAddress newAdvertised) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                limits,
                timing,
                addresses,
                newAdvertised,
                incarnation,
                ioThreads,
                whenDisowned);
    }

    public TransportConfig withIncarnation(long newIncarnation) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                limits,
                timing,
                addresses,
                advertised,
                newIncarnation,
                ioThreads,
                whenDisowned);
    }

    public TransportConfig withIoThreads(int newIoThreads) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                limits,
                timing,
                addresses,
                advertised,
                incarnation,
                newIoThreads,
                whenDisowned);
    }

    public TransportConfig withWhenDisowned(Consumer<String> newWhenDisowned) {
        return new TransportConfig(
                cluster,
                self,
                listen,
                peers,
                limits,
                timing,
                addresses,
                advertised,
                incarnation,
                ioThreads,
                newWhenDisowned);
    }

    /** Where peers can reach this node, which really listens here. */
    String addressForPeers(InetSocketAddress local) {
        InetSocketAddress address = advertised == null ? peers.getOrDefault(self, listen) : advertised;
        String text = AddressText.of(address, address.getPort() == 0 ? local.getPort() : address.getPort());
        return text.length() <= Hello.MAX_ADDRESS_BYTES ? text : "";
    }
}
