package io.jangada.verify.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.Compare;
import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.PutResponse;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.etcd.rpc.RequestOp;
import io.jangada.etcd.rpc.TxnRequest;
import io.jangada.etcd.rpc.TxnResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What all golden tests have in common: a target, short words for its calls, and keys of their own for each test.
 *
 * <p>Every call goes to the next member in turn. Nobody else writes to the target, so revisions can be counted.
 */
@ParameterizedClass
@EnumSource
@ExtendWith(GoldenTargets.Resolver.class)
abstract class GoldenKvAnswers {
    /** The end of a range that means: every key from the start on. */
    static final ByteString FROM_KEY = ByteString.copyFrom(new byte[] {0});

    static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";
    static final String FUTURE = "etcdserver: mvcc: required revision is a future revision";
    static final String EMPTY_KEY = "etcdserver: key is not provided";
    static final String KEY_NOT_FOUND = "etcdserver: key not found";
    static final String LEASE_NOT_FOUND = "etcdserver: requested lease not found";
    static final long NO_SUCH_LEASE = 123_456_789L;

    private static final AtomicInteger TESTS = new AtomicInteger();

    private final GrpcMembers members;
    private final String folder = "golden/" + TESTS.incrementAndGet() + "/";

    GoldenKvAnswers(GrpcMembers members) {
        this.members = members;
    }

    final GrpcMembers members() {
        return members;
    }

    final KVGrpc.KVBlockingStub kv() {
        return members.next();
    }

    /** A key that only this test uses. Keys of a test sort as their names. */
    final ByteString key(String name) {
        return utf8(folder + name);
    }

    static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    final ByteString folderStart() {
        return key("");
    }

    /** The end of the range of all keys of this test: its folder with the last byte raised by one. */
    final ByteString folderEnd() {
        return utf8(folder.substring(0, folder.length() - 1) + (char) ('/' + 1));
    }

    final PutRequest.Builder putting(String name, String value) {
        return PutRequest.newBuilder().setKey(key(name)).setValue(utf8(value));
    }

    final PutResponse put(String name, String value) {
        return kv().put(putting(name, value).build());
    }

    /** Puts and returns the revision of the put. */
    final long putAt(String name, String value) {
        return put(name, value).getHeader().getRevision();
    }

    final RangeRequest.Builder ranging(String name) {
        return RangeRequest.newBuilder().setKey(key(name));
    }

    final RangeRequest.Builder rangingAll() {
        return RangeRequest.newBuilder().setKey(folderStart()).setRangeEnd(folderEnd());
    }

    final RangeResponse range(RangeRequest.Builder request) {
        return kv().range(request.build());
    }

    /** The present version of a key, which must exist. */
    final KeyValue get(String name) {
        RangeResponse response = range(ranging(name));
        assertThat(response.getKvsList()).as("versions of %s", name).hasSize(1);
        return response.getKvs(0);
    }

    final boolean exists(String name) {
        return range(ranging(name)).getCount() > 0;
    }

    final DeleteRangeRequest.Builder deleting(String name) {
        return DeleteRangeRequest.newBuilder().setKey(key(name));
    }

    final DeleteRangeResponse delete(DeleteRangeRequest.Builder request) {
        return kv().deleteRange(request.build());
    }

    final TxnResponse txn(TxnRequest.Builder request) {
        return kv().txn(request.build());
    }

    /** The revision of the store now. */
    final long revision() {
        return range(ranging("any")).getHeader().getRevision();
    }

    /** Names of the keys of this test in the answer, in its order. */
    final List<String> names(RangeResponse response) {
        return response.getKvsList().stream()
                .map(kv -> kv.getKey().toStringUtf8().substring(folder.length()))
                .toList();
    }

    static RequestOp op(PutRequest.Builder put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    static RequestOp op(RangeRequest.Builder range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }

    static RequestOp op(DeleteRangeRequest.Builder delete) {
        return RequestOp.newBuilder().setRequestDeleteRange(delete).build();
    }

    static RequestOp op(TxnRequest.Builder txn) {
        return RequestOp.newBuilder().setRequestTxn(txn).build();
    }

    final Compare.Builder comparing(String name, Compare.CompareTarget target, Compare.CompareResult result) {
        return Compare.newBuilder().setKey(key(name)).setTarget(target).setResult(result);
    }

    /** A comparison that holds on every state: an absent key has version 0. */
    final Compare always() {
        return comparing("never-put", Compare.CompareTarget.VERSION, Compare.CompareResult.EQUAL)
                .setVersion(0)
                .build();
    }

    /** A comparison that never holds. */
    final Compare never() {
        return comparing("never-put", Compare.CompareTarget.VERSION, Compare.CompareResult.GREATER)
                .setVersion(0)
                .build();
    }

    /** The call is refused with exactly this code and text, and the store has not moved. */
    final void assertRefused(Status.Code code, String text, ThrowingCallable call) {
        long before = revision();
        assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(call).satisfies(refusal -> {
            assertThat(refusal.getStatus().getDescription()).isEqualTo(text);
            assertThat(refusal.getStatus().getCode()).isEqualTo(code);
        });
        assertThat(revision()).as("revision after a refusal").isEqualTo(before);
    }
}
