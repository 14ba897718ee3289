package io.jangada.server.api;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClientBuilder;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.jangada.api.ClusterId;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.config.ServerLimits;
import io.jangada.server.gateway.FakeNode;
import io.jangada.server.gateway.LeaderWatch;
import io.jangada.server.gateway.MembershipGateway;
import io.jangada.server.gateway.RequestGateway;
import io.jangada.server.member.Roster;
import io.jangada.server.run.ClientPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A client port on a free port of this machine, with a store in memory and a node that applies at once. */
public final class TestPort implements AutoCloseable {
    static final NodeId SELF = NodeId.of(0x11);
    static final NodeId OTHER = NodeId.of(0x22);

    private final KeyValueStore store = KeyValueStore.inMemory();
    private final FakeNode<KvResponse> node = new FakeNode<>(SELF, store);
    private final ReadPool readPool = new ReadPool(2, 100);
    private final ClientPort port;

    public TestPort() {
        node.become(Membership.ofVoters(Map.of(
                SELF,
                MemberInfo.at("name=n1 peers=http://10.0.0.1:2380 clients=http://10.0.0.1:2379"),
                OTHER,
                MemberInfo.at("name=n2 peers=http://10.0.0.2:2380 clients=http://10.0.0.2:2379,http://b:1"))));
        Roster roster = new Roster(
                new ClusterId(0xcafe), SELF, () -> node.status().raft().membership());
        ServerLimits limits = new ServerLimits(Duration.ofSeconds(5), Duration.ofSeconds(1), 1_572_864, 100);
        LeaderWatch watch = new LeaderWatch(node);
        RequestGateway<KvResponse> gateway = new RequestGateway<>(node, watch, limits.maxPendingRequests());
        Backend backend =
                new Backend(node, store, roster, watch, gateway, new MembershipGateway(node, watch), readPool, limits);
        port = ClientPort.open(backend, List.of(new HttpUrl("127.0.0.1", 0)));
    }

    public FakeNode<KvResponse> node() {
        return node;
    }

    KeyValueStore store() {
        return store;
    }

    public String authority() {
        return "127.0.0.1:" + port.number();
    }

    /** A gRPC client that begins with HTTP/2 at once, as etcd's do. */
    public GrpcClientBuilder client() {
        return GrpcClients.builder("gproto+h2c://" + authority())
                .factory(ClientFactory.ofDefault())
                .responseTimeout(Duration.ofSeconds(20))
                .maxResponseLength(0);
    }

    /** Stops answering. The HTTP server takes two quiet seconds to let go of its threads; tests need not wait for that. */
    @Override
    public void close() {
        node.close();
        Thread closing = new Thread(
                () -> {
                    port.close();
                    readPool.close();
                    store.close();
                },
                "test-port-close");
        closing.setDaemon(true);
        closing.start();
    }
}
