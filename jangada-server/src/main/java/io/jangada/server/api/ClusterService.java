package io.jangada.server.api;

import io.grpc.stub.StreamObserver;
import io.jangada.core.model.NodeId;
import io.jangada.etcd.rpc.ClusterGrpc;
import io.jangada.etcd.rpc.Member;
import io.jangada.etcd.rpc.MemberAddRequest;
import io.jangada.etcd.rpc.MemberAddResponse;
import io.jangada.etcd.rpc.MemberListRequest;
import io.jangada.etcd.rpc.MemberListResponse;
import io.jangada.etcd.rpc.MemberPromoteRequest;
import io.jangada.etcd.rpc.MemberPromoteResponse;
import io.jangada.etcd.rpc.MemberRemoveRequest;
import io.jangada.etcd.rpc.MemberRemoveResponse;
import io.jangada.etcd.rpc.MemberUpdateRequest;
import io.jangada.etcd.rpc.MemberUpdateResponse;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.gateway.MembershipGateway;
import io.jangada.server.gateway.RequestGateway;
import io.jangada.server.member.MemberAddress;
import io.jangada.server.member.MemberChanges;
import io.jangada.server.member.Roster;
import java.util.List;
import java.util.function.Supplier;

/** The Cluster service: who the members are, and changing that. On every voter. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Roster roster;
    private final RequestGateway<KvResponse> gateway;
    private final MembershipGateway membership;
    private final Headers headers;
    private final CallLimits limits;

    ClusterService(Backend backend, Headers headers, CallLimits limits) {
        this.roster = backend.roster();
        this.gateway = backend.gateway();
        this.membership = backend.membership();
        this.headers = headers;
        this.limits = limits;
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
        UnaryCall<MemberListResponse> call = UnaryCall.begin("member list", observer, limits);
        if (!request.getLinearizable()) {
            call.reply(this::list);
            return;
        }
        call.step(() -> call.answer(gateway.readBarrier(call.deadlineNanos(), call.eventLoop()), index -> list()));
    }

    private MemberListResponse list() {
        return MemberListResponse.newBuilder()
                .setHeader(headers.at(0))
                .addAllMembers(members())
                .build();
    }

    /** A voter is sent the state before it votes; this ends as soon as it is a member, for it is started afterwards. */
    @Override
    public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> observer) {
        UnaryCall<MemberAddResponse> call = UnaryCall.begin("member add", observer, limits);
        call.step(() -> {
            List<HttpUrl> urls = MemberChanges.peerUrls(request.getPeerURLsList());
            MemberAddress address = new MemberAddress("", urls, List.of());
            NodeId id = MemberChanges.newIdentity();
            MembershipGateway.Plan plan = request.getIsLearner()
                    ? now -> MemberChanges.addLearner(now.membership(), id, address)
                    : now -> MemberChanges.addVoter(now.membership(), id, address);
            call.answer(
                    membership.add(id, plan, call.deadlineNanos(), call.eventLoop()),
                    now -> MemberAddResponse.newBuilder()
                            .setHeader(headers.at(0))
                            .setMember(Member.newBuilder()
                                    .setID(id.value())
                                    .addAllPeerURLs(texts(urls))
                                    .setIsLearner(request.getIsLearner()))
                            .addAllMembers(members())
                            .build());
        });
    }

    @Override
    public void memberRemove(MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> observer) {
        UnaryCall<MemberRemoveResponse> call = UnaryCall.begin("member remove", observer, limits);
        NodeId id = new NodeId(request.getID());
        change(call, now -> MemberChanges.remove(now.membership(), id), () -> MemberRemoveResponse.newBuilder()
                .setHeader(headers.at(0))
                .addAllMembers(members())
                .build());
    }

    @Override
    public void memberUpdate(MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> observer) {
        UnaryCall<MemberUpdateResponse> call = UnaryCall.begin("member update", observer, limits);
        NodeId id = new NodeId(request.getID());
        change(
                call,
                now -> MemberChanges.move(now.membership(), id, MemberChanges.peerUrls(request.getPeerURLsList())),
                () -> MemberUpdateResponse.newBuilder()
                        .setHeader(headers.at(0))
                        .addAllMembers(members())
                        .build());
    }

    @Override
    public void memberPromote(MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> observer) {
        UnaryCall<MemberPromoteResponse> call = UnaryCall.begin("member promote", observer, limits);
        NodeId id = new NodeId(request.getID());
        change(call, now -> MemberChanges.promote(now.membership(), id), () -> MemberPromoteResponse.newBuilder()
                .setHeader(headers.at(0))
                .addAllMembers(members())
                .build());
    }

    private <T> void change(UnaryCall<T> call, MembershipGateway.Plan plan, Supplier<T> answer) {
        call.step(() ->
                call.answer(membership.change(plan, call.deadlineNanos(), call.eventLoop()), now -> answer.get()));
    }

    private List<Member> members() {
        return roster.members().stream()
                .map(member -> Member.newBuilder()
                        .setID(member.id().value())
                        .setName(member.name())
                        .addAllPeerURLs(texts(member.peerUrls()))
                        .addAllClientURLs(texts(member.clientUrls()))
                        .setIsLearner(member.learner())
                        .build())
                .toList();
    }

    private static List<String> texts(List<HttpUrl> urls) {
        return urls.stream().map(HttpUrl::toString).toList();
    }
}
