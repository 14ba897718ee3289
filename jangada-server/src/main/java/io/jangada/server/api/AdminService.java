package io.jangada.server.api;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.jangada.api.DiskStatus;
import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.etcd.admin.AdminGrpc;
import io.jangada.etcd.admin.ChangeRequest;
import io.jangada.etcd.admin.ChangeResponse;
import io.jangada.etcd.admin.Disk;
import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.Membership;
import io.jangada.etcd.admin.Progress;
import io.jangada.etcd.admin.StateRequest;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.etcd.admin.TransferRequest;
import io.jangada.etcd.admin.TransferResponse;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.error.ExplainedException;
import io.jangada.server.error.MembershipErrors;
import io.jangada.server.gateway.MembershipGateway;
import io.jangada.server.member.Member;
import io.jangada.server.member.MemberAddress;
import io.jangada.server.member.MemberChanges;
import io.jangada.server.member.Roster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What our own command line asks for and the etcd API has no call for. Errors have the advice as text. */
final class AdminService extends AdminGrpc.AdminImplBase {
    private final RaftNode<?> node;
    private final Roster roster;
    private final MembershipGateway membership;
    private final Headers headers;
    private final CallLimits limits;

    AdminService(Backend backend, Headers headers, CallLimits limits) {
        this.node = backend.node();
        this.roster = backend.roster();
        this.membership = backend.membership();
        this.headers = headers;
        this.limits = limits;
    }

    @Override
    public void state(StateRequest request, StreamObserver<StateResponse> observer) {
        UnaryCall<StateResponse> call = UnaryCall.begin("state", observer, limits);
        call.reply(this::state);
    }

    private StateResponse state() {
        NodeStatus status = node.status();
        RaftStatus raft = status.raft();
        return StateResponse.newBuilder()
                .setHeader(headers.at(0, status))
                .setRole(roster.isLearner() ? "LEARNER" : raft.role().name())
                .setLeader(raft.leader().value())
                .setFirstIndex(raft.firstIndex())
                .setLastIndex(raft.lastIndex())
                .setCommitIndex(raft.commitIndex())
                .setAppliedIndex(status.appliedIndex())
                .setSnapshotIndex(raft.snapshotIndex())
                .setMembership(describe(raft.membership()))
                .setDisk(describe(status.disk()))
                .build();
    }

    private static Disk describe(DiskStatus disk) {
        return Disk.newBuilder()
                .setLevel(disk.space().level().name())
                .setUsableBytes(disk.space().usableBytes())
                .setReserveBytes(disk.space().reserveBytes())
                .setStalledMillis(disk.stall().forNanos() / 1_000_000)
                .setWaitingWrites(disk.stall().waitingWrites())
                .build();
    }

    @Override
    public void change(ChangeRequest request, StreamObserver<ChangeResponse> observer) {
        UnaryCall<ChangeResponse> call = UnaryCall.begin("membership change", observer, limits);
        call.step(() -> {
            boolean adds =
                    switch (request.getKind()) {
                        case ADD_VOTER, ADD_LEARNER, REPLACE -> true;
                        case PROMOTE, DEMOTE, REMOVE -> false;
                        case UNKNOWN, UNRECOGNIZED ->
                            throw new ExplainedException(Status.INVALID_ARGUMENT.withDescription(
                                    "etcdserver: this version does not know that kind of membership change"));
                    };
            NodeId subject = adds ? MemberChanges.newIdentity() : new NodeId(request.getId());
            MembershipGateway.Plan plan = plan(request, subject);
            CompletableFuture<MembershipAt> done = adds
                    ? membership.add(subject, plan, call.deadlineNanos(), call.eventLoop())
                    : membership.change(plan, call.deadlineNanos(), call.eventLoop());
            call.answer(explained(done), now -> ChangeResponse.newBuilder()
                    .setHeader(headers.at(0))
                    .setId(subject.value())
                    .setMembership(describe(now))
                    .build());
        });
    }

    private static MembershipGateway.Plan plan(ChangeRequest request, NodeId subject) {
        return now -> {
            MembershipChange change = plan(request, subject, now.membership());
            return request.getForce() ? change.forced() : change;
        };
    }

    private static MembershipChange plan(ChangeRequest request, NodeId subject, io.jangada.core.model.Membership now) {
        return switch (request.getKind()) {
            case ADD_VOTER -> MemberChanges.addVoter(now, subject, address(request));
            case ADD_LEARNER -> MemberChanges.addLearner(now, subject, address(request));
            case REPLACE -> MemberChanges.replace(now, subject, address(request), new NodeId(request.getId()));
            case PROMOTE -> MemberChanges.promote(now, subject);
            case DEMOTE -> MemberChanges.demote(now, subject);
            case REMOVE, UNKNOWN, UNRECOGNIZED -> MemberChanges.remove(now, subject);
        };
    }

    private static MemberAddress address(ChangeRequest request) {
        List<HttpUrl> urls = MemberChanges.peerUrls(request.getPeerUrlsList());
        try {
            return new MemberAddress(request.getName(), urls, List.of());
        } catch (IllegalArgumentException e) {
            throw new ExplainedException(Status.INVALID_ARGUMENT.withDescription("etcdserver: " + e.getMessage()));
        }
    }

    @Override
    public void transfer(TransferRequest request, StreamObserver<TransferResponse> observer) {
        UnaryCall<TransferResponse> call = UnaryCall.begin("transfer", observer, limits);
        call.step(() -> call.answer(
                explained(membership.transfer(new NodeId(request.getTarget()), call.deadlineNanos())),
                leader -> TransferResponse.newBuilder()
                        .setHeader(headers.at(0))
                        .setLeader(leader.value())
                        .build()));
    }

    private static <T> CompletableFuture<T> explained(CompletableFuture<T> done) {
        return done.exceptionallyCompose(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof ChangeRefusedException refused) {
                cause = new ExplainedException(MembershipErrors.explained(refused.reason()));
            } else if (cause instanceof TransferFailedException refused) {
                cause = new ExplainedException(MembershipErrors.explained(refused.outcome()));
            }
            return CompletableFuture.failedFuture(cause);
        });
    }

    private Membership describe(MembershipAt at) {
        Map<NodeId, PeerProgress> progress = new HashMap<>();
        node.progress().forEach(peer -> progress.put(peer.node(), peer));
        Membership.Builder described = Membership.newBuilder()
                .setIndex(at.index())
                .setJoint(at.membership().isJoint());
        for (NodeId id : at.membership().members()) {
            described.addMembers(describe(id, at.membership(), progress.get(id)));
        }
        return described.build();
    }

    private static MemberState describe(
            NodeId id, io.jangada.core.model.Membership membership, @Nullable PeerProgress progress) {
        Member known = Member.of(id, membership);
        MemberState.Builder state = MemberState.newBuilder()
                .setId(id.value())
                .setName(known.name())
                .setVoter(membership.voters().contains(id))
                .setOutgoing(membership.outgoing().contains(id))
                .setPriority(membership.infoOf(id).priority());
        known.peerUrls().forEach(url -> state.addPeerUrls(url.toString()));
        known.clientUrls().forEach(url -> state.addClientUrls(url.toString()));
        NodeId replaced = membership.promotions().get(id);
        if (replaced != null) {
            state.setPromoting(true).setReplaces(replaced.value());
        }
        if (progress != null) {
            state.setProgress(Progress.newBuilder()
                    .setState(progress.state().name())
                    .setMatchIndex(progress.matchIndex())
                    .setNextIndex(progress.nextIndex())
                    .setUnheardForMillis(progress.unheardForNanos() / 1_000_000));
        }
        return state.build();
    }
}
