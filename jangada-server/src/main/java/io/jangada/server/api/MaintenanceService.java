package io.jangada.server.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.core.model.NodeId;
import io.jangada.etcd.rpc.DowngradeInfo;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import io.jangada.etcd.rpc.MoveLeaderRequest;
import io.jangada.etcd.rpc.MoveLeaderResponse;
import io.jangada.etcd.rpc.SnapshotRequest;
import io.jangada.etcd.rpc.SnapshotResponse;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.kv.KeyValueStore;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import io.jangada.server.gateway.MembershipGateway;
import io.jangada.server.member.Roster;

/** The Maintenance service: how this member is, handing leadership over, and backups. Its other methods are not there yet. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    private final RaftNode<?> node;
    private final KeyValueStore store;
    private final Headers headers;
    private final CallLimits limits;
    private final Roster roster;
    private final MembershipGateway membership;
    private final Backups backups;

    MaintenanceService(Backend backend, Headers headers, CallLimits limits) {
        this.node = backend.node();
        this.store = backend.store();
        this.headers = headers;
        this.limits = limits;
        this.roster = backend.roster();
        this.membership = backend.membership();
        this.backups = new Backups(backend.store(), backend.roster(), headers, limits.refusals());
    }

    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> observer) {
        UnaryCall<MoveLeaderResponse> call = UnaryCall.begin("move leader", observer, limits);
        call.step(() -> {
            if (!node.status().raft().leads()) {
                throw new ServerException(ServerError.NOT_LEADER);
            }
            NodeId target = new NodeId(request.getTargetID());
            if (target.isNone() || !roster.membership().membership().voters().contains(target)) {
                throw new ServerException(ServerError.BAD_TRANSFEREE);
            }
            if (target.equals(roster.self())) {
                call.reply(this::moved);
                return;
            }
            call.answer(membership.transfer(target, call.deadlineNanos()), leader -> moved());
        });
    }

    private MoveLeaderResponse moved() {
        return MoveLeaderResponse.newBuilder().setHeader(headers.at(0)).build();
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
        UnaryCall<StatusResponse> call = UnaryCall.begin("status", observer, limits);
        call.reply(this::status);
    }

    /** What is sent is our own kind of backup (docs/log-format.md), in the frame that etcd's clients check: whoever saves it can restore it with our command line. */
    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
        backups.begin((ServerCallStreamObserver<SnapshotResponse>) observer);
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
                .setIsLearner(roster.isLearner())
                .setDowngradeInfo(DowngradeInfo.getDefaultInstance());
        if (status.raft().leader().isNone()) {
            response.addErrors(ServerError.NO_LEADER.text());
        }
        DiskProblems.of(status.disk()).forEach(response::addErrors);
        Throwable failure = status.failure();
        if (failure != null) {
            response.addErrors("node failed: " + failure);
        }
        return response.build();
    }
}
