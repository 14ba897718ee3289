package io.jangada.transport;

import io.jangada.api.spi.MessageReceiver;
import io.jangada.core.model.NodeId;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways to all peers. The one place that will change when peers can come and go. Any thread. */
final class Peers {
    private final AddressLookup lookup;
    private final Map<NodeId, PeerLink> links;

    Peers(TransportContext context) {
        TransportConfig config = context.config();
        lookup = new AddressLookup(config.self());
        Map<NodeId, PeerLink> all = new HashMap<>();
        for (Map.Entry<NodeId, InetSocketAddress> peer : config.peers().entrySet()) {
            if (!peer.getKey().equals(config.self())) {
                all.put(peer.getKey(), new PeerLink(peer.getKey(), peer.getValue(), context, lookup));
            }
        }
        links = Map.copyOf(all);
    }

    void start() {
        links.values().forEach(PeerLink::start);
    }

    @Nullable
    PeerLink find(NodeId peer) {
        return links.get(peer);
    }

    void introduce(MessageReceiver receiver) {
        links.values().forEach(link -> link.introduce(receiver));
    }

    void close() {
        links.values().forEach(PeerLink::close);
        lookup.close();
    }
}
