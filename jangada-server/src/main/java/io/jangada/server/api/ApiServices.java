package io.jangada.server.api;

import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.jangada.etcd.rpc.AuthGrpc;
import io.jangada.etcd.rpc.LeaseGrpc;
import io.jangada.etcd.rpc.WatchGrpc;
import io.jangada.server.config.ServerLimits;

/**
 * All gRPC services of the API as one HTTP service. A service that is not there yet is registered all the same: its methods answer
 * {@code Unimplemented}.
 */
public final class ApiServices {

    /** What a message may be larger than a request, as in etcd. */
    private static final int MESSAGE_OVERHEAD_BYTES = 512 * 1024;

    private ApiServices() {}

    /** Builds the services of one node, which count there what they refuse. */
    public static GrpcService of(Backend backend, Refusals refusals) {
        ServerLimits limits = backend.limits();
        Headers headers = new Headers(backend.roster(), backend.node());
        CallLimits calls = new CallLimits(limits.requestTimeout(), limits.slowRequest(), refusals);
        return GrpcService.builder()
                .addService(new KvService(backend, headers, calls))
                .addService(new ClusterService(backend, headers, calls))
                .addService(new MaintenanceService(backend, headers, calls))
                .addService(new AdminService(backend, headers, calls))
                .addService(new WatchGrpc.WatchImplBase() {})
                .addService(new LeaseGrpc.LeaseImplBase() {})
                .addService(new AuthGrpc.AuthImplBase() {})
                .intercept(new LearnerRules(backend.roster()), new RequestMetadata(backend.watch()))
                .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
                .maxRequestMessageLength(limits.maxRequestBytes() + MESSAGE_OVERHEAD_BYTES)
                .maxResponseMessageLength(Integer.MAX_VALUE)
                .useBlockingTaskExecutor(false)
                .useClientTimeoutHeader(true)
                .build();
    }
}
