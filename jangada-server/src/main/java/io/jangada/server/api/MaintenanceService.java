package io.jangada.server.api;

import io.grpc.stub.StreamObserver;
import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.etcd.rpc.DowngradeInfo;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.kv.KeyValueStore;
import io.jangada.server.error.ServerError;

/** The Maintenance service: how this member is. Its other methods are not there yet. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    private final RaftNode<?> node;
    private final KeyValueStore store;
    private final Headers headers;
    private final CallLimits limits;

    MaintenanceService(Backend backend, Headers headers, CallLimits limits) {
        this.node = backend.node();
        this.store = backend.store();
        this.headers = headers;
        this.limits = limits;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
        UnaryCall<StatusResponse> call = UnaryCall.begin("status", observer, limits);
        call.reply(this::status);
    }

    private StatusResponse status() {
        NodeStatus status = node.status();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setHeader(headers.at(store.revision(), status))
                .setVersion(ApiVersion.SERVER)
                .setStorageVersion(ApiVersion.CLUSTER)
                .setDbSize(store.sizeBytes())
                .setDbSizeInUse(store.sizeInUseBytes())
                .setLeader(status.raft().leader().value())
                .setRaftIndex(status.raft().commitIndex())
                .setRaftTerm(status.raft().term())
                .setRaftAppliedIndex(status.appliedIndex())
                .setDowngradeInfo(DowngradeInfo.getDefaultInstance());
        if (status.raft().leader().isNone()) {
            response.addErrors(ServerError.NO_LEADER.text());
        }
        Throwable failure = status.failure();
        if (failure != null) {
            response.addErrors("node failed: " + failure);
        }
        return response.build();
    }
}
