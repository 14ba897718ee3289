package io.jangada.server.client;

import com.linecorp.armeria.client.grpc.GrpcClients;
import io.jangada.etcd.admin.AdminGrpc;
import io.jangada.etcd.rpc.ClusterGrpc;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import java.time.Duration;

/** One server as a client sees it. */
public final class Endpoint {
    private final String authority;
    private final Duration timeout;

    private Endpoint(String authority, Duration timeout) {
        this.authority = authority;
        this.timeout = timeout;
    }

    /** Reads {@code host:port} or {@code http://host:port}. Throws {@link IllegalArgumentException} with what is wrong. */
    public static Endpoint parse(String text, Duration timeout) {
        String authority = text.startsWith("http://") ? text.substring("http://".length()) : text;
        if (!authority.matches("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9._-]+):[0-9]{1,5}")) {
            throw new IllegalArgumentException("'" + text + "' is not an endpoint like 127.0.0.1:2379");
        }
        return new Endpoint(authority, timeout);
    }

    /** A connection for the KV service. */
    public KVGrpc.KVBlockingStub kv() {
        return GrpcClients.builder(uri()).responseTimeout(timeout).build(KVGrpc.KVBlockingStub.class);
    }

    /** A connection for the Maintenance service. */
    public MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
        return GrpcClients.builder(uri()).responseTimeout(timeout).build(MaintenanceGrpc.MaintenanceBlockingStub.class);
    }

    /** A connection for the Cluster service. */
    public ClusterGrpc.ClusterBlockingStub cluster() {
        return GrpcClients.builder(uri()).responseTimeout(timeout).build(ClusterGrpc.ClusterBlockingStub.class);
    }

    /** A connection for our own service beside etcd's. */
    public AdminGrpc.AdminBlockingStub admin() {
        return GrpcClients.builder(uri()).responseTimeout(timeout).build(AdminGrpc.AdminBlockingStub.class);
    }

    /** Begins to take a backup; each part of it has as long as an answer of another call. */
    public BackupStream backup() {
        MaintenanceGrpc.MaintenanceBlockingStub stub = GrpcClients.builder(uri())
                .responseTimeout(timeout)
                .maxResponseLength(0)
                .build(MaintenanceGrpc.MaintenanceBlockingStub.class);
        return BackupStream.begin(stub, this, timeout);
    }

    private String uri() {
        return "gproto+h2c://" + authority;
    }

    @Override
    public String toString() {
        return authority;
    }
}
