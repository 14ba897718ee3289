package io.jangada.server.api;

import io.grpc.stub.StreamObserver;
import io.jangada.etcd.rpc.ClusterGrpc;
import io.jangada.etcd.rpc.Member;
import io.jangada.etcd.rpc.MemberListRequest;
import io.jangada.etcd.rpc.MemberListResponse;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.gateway.RequestGateway;
import io.jangada.server.member.Roster;
import java.util.concurrent.Future;

/** The Cluster service: who the members are. The methods that change them are not there yet. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Roster roster;
    private final RequestGateway<KvResponse> gateway;
    private final Headers headers;
    private final CallLimits limits;

    ClusterService(Backend backend, Headers headers, CallLimits limits) {
        this.roster = backend.roster();
        this.gateway = backend.gateway();
        this.headers = headers;
        this.limits = limits;
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
        UnaryCall<MemberListResponse> call = UnaryCall.begin("member list", observer, limits);
        if (!request.getLinearizable()) {
            call.reply(this::members);
            return;
        }
        call.step(() -> {
            Future<?> unused = gateway.readBarrier(call.deadlineNanos(), call.eventLoop())
                    .whenComplete((index, failure) -> {
                        if (failure == null) {
                            call.reply(this::members);
                        } else {
                            call.fail(failure);
                        }
                    });
        });
    }

    private MemberListResponse members() {
        MemberListResponse.Builder response = MemberListResponse.newBuilder().setHeader(headers.at(0));
        for (io.jangada.server.member.Member member : roster.members()) {
            Member.Builder entry = Member.newBuilder()
                    .setID(member.id().value())
                    .setName(member.name())
                    .addPeerURLs(member.peerUrl().toString());
            member.clientUrls().forEach(url -> entry.addClientURLs(url.toString()));
            response.addMembers(entry);
        }
        return response.build();
    }
}
