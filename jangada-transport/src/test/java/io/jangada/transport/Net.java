package io.jangada.transport;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/** Addresses and configurations of small clusters on this machine. */
final class Net {
    static final ClusterId CLUSTER = new ClusterId(0xC1);
    static final NodeId N1 = NodeId.of(1);
    static final NodeId N2 = NodeId.of(2);
    static final NodeId N3 = NodeId.of(3);

    /** Fast enough for tests, slow enough for a busy machine. */
    static final TransportTiming TIMING = TransportTiming.ofMillis(2_000, 10, 100, 2_000);

    private Net() {}

    static InetSocketAddress at(int port) {
        return InetSocketAddress.createUnresolved("127.0.0.1", port);
    }

    static Map<NodeId, InetSocketAddress> freeAddresses(NodeId... nodes) throws IOException {
        Map<NodeId, InetSocketAddress> addresses = new HashMap<>();
        for (NodeId node : nodes) {
            addresses.put(node, at(freePort()));
        }
        return addresses;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static TransportConfig config(NodeId self, Map<NodeId, InetSocketAddress> addresses) {
        InetSocketAddress listen = addresses.getOrDefault(self, at(0));
        return TransportConfig.of(CLUSTER, self, listen, addresses).withTiming(TIMING);
    }
}
