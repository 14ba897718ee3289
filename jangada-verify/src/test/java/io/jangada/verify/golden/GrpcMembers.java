package io.jangada.verify.golden;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.verify.process.KvTarget;
import io.jangada.verify.process.TreeRemoval;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One gRPC channel to each member of a target; calls go to the members in turn. */
final class GrpcMembers implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 64 << 20;
    private static final long CALL_LIMIT_SECONDS = 20;

    private final KvTarget target;
    private final Path folder;
    private final List<ManagedChannel> channels;
    private final AtomicInteger turn = new AtomicInteger();

    GrpcMembers(KvTarget target, Path folder) {
        this.target = target;
        this.folder = folder;
        this.channels = target.endpoints().stream()
                .map(endpoint -> NettyChannelBuilder.forTarget(endpoint)
                        .usePlaintext()
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .build())
                .map(ManagedChannel.class::cast)
                .toList();
    }

    int size() {
        return channels.size();
    }

    /** The key-value service of the next member in turn. */
    KVGrpc.KVBlockingStub next() {
        return member(Math.floorMod(turn.getAndIncrement(), channels.size()));
    }

    KVGrpc.KVBlockingStub member(int number) {
        return KVGrpc.newBlockingStub(channels.get(number)).withDeadlineAfter(CALL_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** The version of etcd that the target says it is, or is like. */
    String version() {
        return MaintenanceGrpc.newBlockingStub(channels.get(0))
                .withDeadlineAfter(CALL_LIMIT_SECONDS, TimeUnit.SECONDS)
                .status(StatusRequest.getDefaultInstance())
                .getVersion();
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        target.close();
        TreeRemoval.remove(folder);
    }
}
