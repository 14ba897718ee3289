package io.jangada.verify.process;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.jangada.etcd.admin.AdminGrpc;
import io.jangada.etcd.admin.StateRequest;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.etcd.rpc.StatusResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One gRPC channel to each member, in the order of the endpoints. Any thread. */
public final class MemberChannels implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private final List<ManagedChannel> channels;

    public MemberChannels(List<String> endpoints) {
        channels = endpoints.stream().map(MemberChannels::channel).toList();
    }

    private static ManagedChannel channel(String endpoint) {
        return NettyChannelBuilder.forTarget(endpoint)
                .usePlaintext()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    public int size() {
        return channels.size();
    }

    /** The key-value service of one member, for one call or a few that together end within the limit. */
    public KVGrpc.KVBlockingStub kv(int member, Duration limit) {
        return KVGrpc.newBlockingStub(channels.get(member)).withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Where a member stands, with what it knows of the membership. */
    public StateResponse state(int member, Duration limit) {
        return AdminGrpc.newBlockingStub(channels.get(member))
                .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)
                .state(StateRequest.getDefaultInstance());
    }

    /** What a member says about itself. */
    public StatusResponse status(int member, Duration limit) {
        return MaintenanceGrpc.newBlockingStub(channels.get(member))
                .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)
                .status(StatusRequest.getDefaultInstance());
    }

    /** Ends the pause that a channel makes after a failed connection; for a member that has just come back. */
    public void connectAgain(int member) {
        channels.get(member).resetConnectBackoff();
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
