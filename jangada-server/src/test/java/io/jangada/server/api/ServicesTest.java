package io.jangada.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.DiskStatus;
import io.jangada.api.StorageSpace;
import io.jangada.api.error.NotLeaderException;
import io.jangada.core.model.DiskStall;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.SpaceLevel;
import io.jangada.etcd.rpc.AuthGrpc;
import io.jangada.etcd.rpc.AuthStatusRequest;
import io.jangada.etcd.rpc.ClusterGrpc;
import io.jangada.etcd.rpc.DefragmentRequest;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.LeaseGrantRequest;
import io.jangada.etcd.rpc.LeaseGrpc;
import io.jangada.etcd.rpc.MaintenanceGrpc;
import io.jangada.etcd.rpc.Member;
import io.jangada.etcd.rpc.MemberListRequest;
import io.jangada.etcd.rpc.MemberListResponse;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.SnapshotRequest;
import io.jangada.etcd.rpc.SnapshotResponse;
import io.jangada.etcd.rpc.StatusRequest;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.server.backup.BackupInfo;
import io.jangada.server.backup.SampleBackup;
import io.jangada.server.client.BackupStream;
import io.jangada.server.client.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The other services, metadata, and what clients get while there is no leader. */
class ServicesTest {
    private static final RangeRequest READ =
            RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")).build();
    private static final PutRequest WRITE =
            PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")).build();

    private final TestPort port = new TestPort();
    private final KVGrpc.KVBlockingStub kv = port.client().build(KVGrpc.KVBlockingStub.class);

    @AfterEach
    void close() {
        port.close();
    }

    /** The frame that etcd's clients insist on: a length of whole pages and a digest, which is that of all before it. */
    @Test
    void aBackupEndsAsEtcdsClientsExpect() throws IOException, NoSuchAlgorithmException {
        for (int i = 0; i < 5_000; i++) {
            SampleBackup.put(port.store(), 10 + i, "key-" + i, "a value that is not short, number " + i);
        }
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        Iterator<SnapshotResponse> parts = port.client()
                .build(MaintenanceGrpc.MaintenanceBlockingStub.class)
                .snapshot(SnapshotRequest.getDefaultInstance());
        int messages = 0;
        while (parts.hasNext()) {
            parts.next().getBlob().writeTo(received);
            messages++;
        }
        byte[] file = received.toByteArray();
        assertThat(messages).isGreaterThan(1);
        assertThat(file.length % 512).isEqualTo(32);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(file, 0, file.length - 32);
        assertThat(digest.digest()).isEqualTo(Arrays.copyOfRange(file, file.length - 32, file.length));
        BackupInfo info = BackupInfo.read(new ByteArrayInputStream(file), "received");
        assertThat(info.state().keys()).isEqualTo(5_000);
        assertThat(info.header().cluster().value()).isEqualTo(0xcafe);
    }

    /** A client that stops taking holds nobody up; when it goes, the state is let go of, and another can have its backup. */
    @Test
    void backupsThatAreGivenUpMakeRoom() throws IOException {
        for (int i = 0; i < 200; i++) {
            SampleBackup.put(port.store(), 10 + i, "key-" + i, "v".repeat(100_000));
        }
        Endpoint endpoint = Endpoint.parse(port.authority(), Duration.ofSeconds(20));
        BackupStream first = endpoint.backup();
        BackupStream second = endpoint.backup();
        assertThat(first.read()).isEqualTo('J');
        assertThat(second.read()).isEqualTo('J');
        try (BackupStream third = endpoint.backup()) {
            assertThatThrownBy(third::read)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("2 backups are being taken from this member");
        }
        first.close();
        second.close();
        port.close();
    }

    @Test
    void theMemberListNamesAllMembersWithTheirUrls() {
        MemberListResponse answer = port.client()
                .build(ClusterGrpc.ClusterBlockingStub.class)
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build());
        assertThat(answer.getHeader().getClusterId()).isEqualTo(0xcafe);
        assertThat(answer.getHeader().getRevision()).isZero();
        assertThat(answer.getMembersList())
                .containsExactly(
                        Member.newBuilder()
                                .setID(0x11)
                                .setName("n1")
                                .addPeerURLs("http://10.0.0.1:2380")
                                .addClientURLs("http://10.0.0.1:2379")
                                .build(),
                        Member.newBuilder()
                                .setID(0x22)
                                .setName("n2")
                                .addPeerURLs("http://10.0.0.2:2380")
                                .addClientURLs("http://10.0.0.2:2379")
                                .addClientURLs("http://b:1")
                                .build());
    }

    @Test
    void statusTellsWhereThisMemberStands() {
        kv.put(WRITE);
        StatusResponse status = status();
        assertThat(status.getVersion()).matches("3\\.5\\.([89]|[1-9][0-9]+)");
        assertThat(status.getLeader()).isEqualTo(0x11);
        assertThat(status.getRaftTerm()).isEqualTo(3);
        assertThat(status.getRaftIndex()).isEqualTo(2);
        assertThat(status.getRaftAppliedIndex()).isEqualTo(2);
        assertThat(status.getHeader().getRevision()).isEqualTo(2);
        assertThat(status.getErrorsList()).isEmpty();
        assertThat(status.getIsLearner()).isFalse();
        assertThat(status.getStorageVersion()).isEqualTo("3.5.0");
        assertThat(status.hasDowngradeInfo()).isTrue();
    }

    @Test
    void statusSaysWhatIsWrong() {
        port.node().lead(NodeId.NONE, 4);
        assertThat(status().getErrorsList()).containsExactly("etcdserver: no leader");
        port.node().lead(new NodeId(0x11), 5);
        port.node()
                .standOn(new DiskStatus(
                        new StorageSpace("/data", 100, 200, SpaceLevel.SCARCE), new DiskStall(3_000_000_000L, 4)));
        assertThat(status().getErrorsList())
                .hasSize(2)
                .anyMatch(error -> error.startsWith("alarm:NOSPACE") && error.contains("100 bytes"))
                .anyMatch(error -> error.equals("the disk has hung for 3000 ms, 4 writes wait for it"));
        port.node().fail(new IOException("disk full"));
        assertThat(status().getErrorsList()).anyMatch(error -> error.contains("disk full"));
    }

    @Test
    void servicesThatAreNotThereYetSaySo() {
        LeaseGrpc.LeaseBlockingStub lease = port.client().build(LeaseGrpc.LeaseBlockingStub.class);
        AuthGrpc.AuthBlockingStub auth = port.client().build(AuthGrpc.AuthBlockingStub.class);
        MaintenanceGrpc.MaintenanceBlockingStub maintenance =
                port.client().build(MaintenanceGrpc.MaintenanceBlockingStub.class);
        assertCode(() -> lease.leaseGrant(LeaseGrantRequest.getDefaultInstance()), Status.Code.UNIMPLEMENTED);
        assertCode(() -> auth.authStatus(AuthStatusRequest.getDefaultInstance()), Status.Code.UNIMPLEMENTED);
        assertCode(() -> maintenance.defragment(DefragmentRequest.getDefaultInstance()), Status.Code.UNIMPLEMENTED);
    }

    @Test
    void aClientThatInsistsOnALeaderFailsAtOnceWithoutOne() {
        KVGrpc.KVBlockingStub insisting =
                port.client().setHeader("hasleader", "true").build(KVGrpc.KVBlockingStub.class);
        assertThat(insisting.range(READ).getCount()).isZero();
        port.node().lead(NodeId.NONE, 4);
        assertError(() -> insisting.range(READ), "UNAVAILABLE etcdserver: no leader");
        assertError(
                () -> insisting.range(READ.toBuilder().setSerializable(true).build()),
                "UNAVAILABLE etcdserver: no leader");
    }

    @Test
    void aWriteWaitsForALeaderOnlyAsLongAsItsClientDoes() {
        port.node().lead(NodeId.NONE, 4);
        port.node().failNext(new NotLeaderException(NodeId.NONE));
        KVGrpc.KVBlockingStub hasty =
                port.client().responseTimeout(Duration.ofSeconds(2)).build(KVGrpc.KVBlockingStub.class);
        assertError(() -> hasty.put(WRITE), "UNAVAILABLE etcdserver: no leader");
    }

    private StatusResponse status() {
        return port.client()
                .build(MaintenanceGrpc.MaintenanceBlockingStub.class)
                .status(StatusRequest.getDefaultInstance());
    }

    private static void assertCode(ThrowingCallable call, Status.Code code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> assertThat(
                        failure.getStatus().getCode())
                .isEqualTo(code));
    }

    private static void assertError(ThrowingCallable call, String expected) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            Status status = failure.getStatus();
            assertThat(status.getCode() + " " + status.getDescription()).isEqualTo(expected);
        });
    }
}
