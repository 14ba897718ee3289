package io.jangada.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.step.TransferOutcome;
import io.jangada.etcd.admin.AdminGrpc;
import io.jangada.etcd.admin.ChangeRequest;
import io.jangada.etcd.admin.ChangeResponse;
import io.jangada.etcd.admin.StateRequest;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.etcd.admin.TransferRequest;
import io.jangada.etcd.rpc.ClusterGrpc;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import io.jangada.etcd.rpc.Member;
import io.jangada.etcd.rpc.MemberAddRequest;
import io.jangada.etcd.rpc.MemberAddResponse;
import io.jangada.etcd.rpc.MemberListRequest;
import io.jangada.etcd.rpc.MemberPromoteRequest;
import io.jangada.etcd.rpc.MemberRemoveRequest;
import io.jangada.etcd.rpc.MemberUpdateRequest;
import io.jangada.etcd.rpc.MoveLeaderRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.StatusRequest;
import java.util.List;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changing the members and the leader over the API: what reaches the node, what clients get, in etcd's words where it has some. */
class MembershipServicesTest {
    private static final NodeId STRANGER = NodeId.of(0x99);

    private final TestPort port = new TestPort();
    private final ClusterGrpc.ClusterBlockingStub cluster = port.client().build(ClusterGrpc.ClusterBlockingStub.class);
    private final MaintenanceGrpc.MaintenanceBlockingStub maintenance =
            port.client().build(MaintenanceGrpc.MaintenanceBlockingStub.class);
    private final AdminGrpc.AdminBlockingStub admin = port.client().build(AdminGrpc.AdminBlockingStub.class);

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void aVoterIsAMemberAtOnceThoughItVotesLater() {
        MemberAddResponse answer = cluster.memberAdd(add("http://10.0.0.3:2380").build());
        NodeId id = NodeId.of(answer.getMember().getID());
        assertThat(answer.getMember().getPeerURLsList()).containsExactly("http://10.0.0.3:2380");
        assertThat(answer.getMember().getName()).isEmpty();
        assertThat(answer.getMembersList()).hasSize(3).extracting(Member::getID).contains(id.value());
        assertThat(lastChange().steps())
                .containsExactly(new MembershipStep.AddVoter(id, MemberInfo.at("peers=http://10.0.0.3:2380")));
        assertThat(lastChange().expectedIndex()).isEqualTo(1);
    }

    @Test
    void aLearnerIsAddedListedAndPromoted() {
        long id = cluster.memberAdd(
                        add("http://10.0.0.3:2380").setIsLearner(true).build())
                .getMember()
                .getID();
        assertThat(cluster.memberList(MemberListRequest.getDefaultInstance()).getMembersList())
                .filteredOn(Member::getIsLearner)
                .extracting(Member::getID)
                .containsExactly(id);
        assertThat(cluster.memberPromote(
                                MemberPromoteRequest.newBuilder().setID(id).build())
                        .getMembersList())
                .noneMatch(Member::getIsLearner);
        assertError(() -> promote(id), "FAILED_PRECONDITION etcdserver: can only promote a learner member");
        assertThat(cluster.memberRemove(
                                MemberRemoveRequest.newBuilder().setID(id).build())
                        .getMembersList())
                .hasSize(2);
        assertError(() -> remove(id), "NOT_FOUND etcdserver: member not found");
    }

    @Test
    void aMemberMovesWithItsNameAndClients() {
        cluster.memberUpdate(MemberUpdateRequest.newBuilder()
                .setID(0x22)
                .addPeerURLs("http://10.9.9.9:1")
                .build());
        assertThat(port.node().status().raft().membership().membership().infoOf(TestPort.OTHER))
                .isEqualTo(MemberInfo.at("name=n2 peers=http://10.9.9.9:1 clients=http://10.0.0.2:2379,http://b:1"));
        assertError(
                () -> cluster.memberUpdate(MemberUpdateRequest.newBuilder()
                        .setID(0x22)
                        .addPeerURLs("http://10.0.0.1:2380")
                        .build()),
                "FAILED_PRECONDITION etcdserver: Peer URLs already exists");
    }

    @Test
    void badChangesAreRefusedAsEtcdDoes() {
        String badUrls = "INVALID_ARGUMENT etcdserver: given member URLs are invalid";
        assertError(() -> cluster.memberAdd(MemberAddRequest.getDefaultInstance()), badUrls);
        assertError(() -> cluster.memberAdd(add("10.0.0.3:2380").build()), badUrls);
        assertError(
                () -> cluster.memberAdd(add("http://10.0.0.2:2380").build()),
                "FAILED_PRECONDITION etcdserver: Peer URLs already exists");
        assertError(() -> promote(STRANGER.value()), "NOT_FOUND etcdserver: member not found");
        assertError(() -> promote(0x22), "FAILED_PRECONDITION etcdserver: can only promote a learner member");
        assertThat(port.node().changes()).isEmpty();
        long learner = cluster.memberAdd(
                        add("http://10.0.0.3:2380").setIsLearner(true).build())
                .getMember()
                .getID();
        refuse(ChangeRefusal.LEARNER_BEHIND);
        assertError(
                () -> promote(learner),
                "FAILED_PRECONDITION etcdserver: can only promote a learner member which is in sync with leader");
    }

    @Test
    void refusalsOfTheProtocolComeInEtcdsWordsWhereItHasSome() {
        refuse(ChangeRefusal.WOULD_LOSE_QUORUM);
        assertError(() -> remove(0x22), "UNAVAILABLE etcdserver: unhealthy cluster");
        refuse(ChangeRefusal.NO_VOTER_LEFT);
        assertError(
                () -> remove(0x22),
                "FAILED_PRECONDITION etcdserver: re-configuration failed due to not enough started members");
        refuse(ChangeRefusal.TOO_LARGE);
        assertError(() -> remove(0x22), "FAILED_PRECONDITION etcdserver: " + ChangeRefusal.TOO_LARGE.advice());
    }

    @Test
    void whatPassesIsWaitedFor() {
        refuse(ChangeRefusal.NO_COMMIT_IN_TERM);
        refuse(ChangeRefusal.CHANGE_OPEN);
        refuse(ChangeRefusal.INDEX_MISMATCH);
        port.node().failNext(new NotLeaderException(TestPort.OTHER));
        remove(0x22);
        assertThat(port.node().changes()).hasSize(5);
    }

    @Test
    void leadershipMovesWhereItMay() {
        assertError(() -> moveTo(0), "FAILED_PRECONDITION etcdserver: bad leader transferee");
        assertError(() -> moveTo(0x99), "FAILED_PRECONDITION etcdserver: bad leader transferee");
        moveTo(0x11);
        port.node().failNext(new TransferFailedException(TransferOutcome.TIMED_OUT));
        assertError(() -> moveTo(0x22), "UNAVAILABLE etcdserver: request timed out, leader transfer took too long");
        moveTo(0x22);
        assertThat(port.node().status().raft().leader()).isEqualTo(TestPort.OTHER);
        assertError(() -> moveTo(0x11), "FAILED_PRECONDITION etcdserver: not leader");
        assertError(
                () -> admin.transfer(TransferRequest.getDefaultInstance()),
                "FAILED_PRECONDITION etcdserver: not leader");
    }

    @Test
    void aLearnerAnswersOnlyWhatEtcdsDo() {
        port.node().become(learning());
        KVGrpc.KVBlockingStub kv = port.client().build(KVGrpc.KVBlockingStub.class);
        RangeRequest read =
                RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")).build();
        String refused = "FAILED_PRECONDITION etcdserver: rpc not supported for learner";
        assertError(() -> kv.range(read), refused);
        assertError(() -> cluster.memberList(MemberListRequest.getDefaultInstance()), refused);
        assertError(() -> remove(0x22), refused);
        assertThat(kv.range(read.toBuilder().setSerializable(true).build()).getCount())
                .isZero();
        assertThat(maintenance.status(StatusRequest.getDefaultInstance()).getIsLearner())
                .isTrue();
        assertThat(admin.state(StateRequest.getDefaultInstance()).getRole()).isEqualTo("LEARNER");
    }

    private static Membership learning() {
        return new Membership(
                List.of(TestPort.OTHER), List.of(TestPort.SELF), List.of(), new TreeMap<>(), new TreeMap<>());
    }

    @Test
    void theAdminServiceTellsEverythingAboutTheMembers() {
        port.node().know(new PeerProgress(TestPort.OTHER, PeerProgress.State.REPLICATE, 7, 9, 12_000_000));
        ChangeResponse added = admin.change(ChangeRequest.newBuilder()
                .setKind(ChangeRequest.Kind.REPLACE)
                .setId(0x22)
                .setName("n3")
                .addPeerUrls("http://10.0.0.3:2380")
                .build());
        StateResponse state = admin.state(StateRequest.getDefaultInstance());
        assertThat(state.getLeader()).isEqualTo(0x11);
        assertThat(state.getRole()).isEqualTo("LEADER");
        assertThat(state.getMembership().getIndex()).isEqualTo(2);
        assertThat(state.getMembership().getMembersList())
                .anySatisfy(member -> {
                    assertThat(member.getId()).isEqualTo(0x22);
                    assertThat(member.getVoter()).isTrue();
                    assertThat(member.getProgress().getMatchIndex()).isEqualTo(7);
                    assertThat(member.getProgress().getUnheardForMillis()).isEqualTo(12);
                })
                .anySatisfy(member -> {
                    assertThat(member.getId()).isEqualTo(added.getId());
                    assertThat(member.getName()).isEqualTo("n3");
                    assertThat(member.getPromoting()).isTrue();
                    assertThat(member.getReplaces()).isEqualTo(0x22);
                });
    }

    @Test
    void theAdminServiceExplainsAndForces() {
        refuse(ChangeRefusal.WOULD_LOSE_QUORUM);
        ChangeRequest demote = ChangeRequest.newBuilder()
                .setKind(ChangeRequest.Kind.DEMOTE)
                .setId(0x22)
                .build();
        assertError(() -> admin.change(demote), "UNAVAILABLE etcdserver: " + ChangeRefusal.WOULD_LOSE_QUORUM.advice());
        admin.change(demote.toBuilder().setForce(true).build());
        assertThat(lastChange().force()).isTrue();
        assertError(
                () -> admin.change(ChangeRequest.getDefaultInstance()),
                "INVALID_ARGUMENT etcdserver: this version does not know that kind of membership change");
    }

    private void refuse(ChangeRefusal reason) {
        port.node().failNext(new ChangeRefusedException(reason));
    }

    private MembershipChange lastChange() {
        List<MembershipChange> changes = port.node().changes();
        return changes.get(changes.size() - 1);
    }

    private void promote(long id) {
        assertThat(cluster.memberPromote(
                                MemberPromoteRequest.newBuilder().setID(id).build())
                        .hasHeader())
                .isTrue();
    }

    private void remove(long id) {
        assertThat(cluster.memberRemove(
                                MemberRemoveRequest.newBuilder().setID(id).build())
                        .hasHeader())
                .isTrue();
    }

    private void moveTo(long id) {
        assertThat(maintenance
                        .moveLeader(
                                MoveLeaderRequest.newBuilder().setTargetID(id).build())
                        .hasHeader())
                .isTrue();
    }

    private static MemberAddRequest.Builder add(String url) {
        return MemberAddRequest.newBuilder().addPeerURLs(url);
    }

    private static void assertError(ThrowingCallable call, String expected) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            Status status = failure.getStatus();
            assertThat(status.getCode() + " " + status.getDescription()).isEqualTo(expected);
        });
    }
}
