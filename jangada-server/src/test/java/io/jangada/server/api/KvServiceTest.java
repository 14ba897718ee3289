package io.jangada.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.core.model.NodeId;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.CompactionRequest;
import io.jangada.etcd.rpc.Compare;
import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.PutResponse;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.etcd.rpc.RequestOp;
import io.jangada.etcd.rpc.ResponseHeader;
import io.jangada.etcd.rpc.TxnRequest;
import io.jangada.etcd.rpc.TxnResponse;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The KV service over a real connection: golden answers, headers, errors to the letter, which way requests go. */
class KvServiceTest {
    private final TestPort port = new TestPort();
    private final KVGrpc.KVBlockingStub kv = port.client().build(KVGrpc.KVBlockingStub.class);

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void anEmptyStoreIsAtRevisionOneAndTheFirstPutGivesTwo() {
        RangeResponse empty = kv.range(range("a").build());
        assertThat(empty.getHeader())
                .isEqualTo(ResponseHeader.newBuilder()
                        .setClusterId(0xcafe)
                        .setMemberId(0x11)
                        .setRevision(1)
                        .setRaftTerm(3)
                        .build());
        assertThat(empty.getKvsList()).isEmpty();
        assertThat(put("a", "1").getHeader().getRevision()).isEqualTo(2);
    }

    @Test
    void aValueComesBackWithItsRevisions() {
        put("a", "1");
        put("a", "2");
        KeyValue kvNow = kv.range(range("a").build()).getKvs(0);
        assertThat(kvNow)
                .isEqualTo(KeyValue.newBuilder()
                        .setKey(bytes("a"))
                        .setValue(bytes("2"))
                        .setCreateRevision(2)
                        .setModRevision(3)
                        .setVersion(2)
                        .build());
        RangeResponse before = kv.range(range("a").setRevision(2).build());
        assertThat(before.getKvs(0).getValue()).isEqualTo(bytes("1"));
        assertThat(before.getHeader().getRevision()).isEqualTo(3);
    }

    @Test
    void previousValuesAreHandedOut() {
        put("a", "1");
        PutResponse answer = kv.put(PutRequest.newBuilder()
                .setKey(bytes("a"))
                .setValue(bytes("2"))
                .setPrevKv(true)
                .build());
        assertThat(answer.getPrevKv().getValue()).isEqualTo(bytes("1"));
        DeleteRangeResponse deleted = kv.deleteRange(DeleteRangeRequest.newBuilder()
                .setKey(bytes("a"))
                .setPrevKv(true)
                .build());
        assertThat(deleted.getDeleted()).isEqualTo(1);
        assertThat(deleted.getPrevKvs(0).getValue()).isEqualTo(bytes("2"));
    }

    @Test
    void deletingNothingKeepsTheRevision() {
        DeleteRangeResponse answer = kv.deleteRange(
                DeleteRangeRequest.newBuilder().setKey(bytes("none")).build());
        assertThat(answer.getDeleted()).isZero();
        assertThat(answer.getHeader().getRevision()).isEqualTo(1);
    }

    @Test
    void aLimitedRangeSaysThatThereIsMoreAndCountsAll() {
        for (int i = 10; i < 55; i++) {
            put("k" + i, "v");
        }
        RangeResponse answer =
                kv.range(range("k").setRangeEnd(bytes("l")).setLimit(1).build());
        assertThat(answer.getKvsCount()).isEqualTo(1);
        assertThat(answer.getMore()).isTrue();
        assertThat(answer.getCount()).isEqualTo(45);
        RangeResponse inverted = kv.range(range("l").setRangeEnd(bytes("k")).build());
        assertThat(inverted.toBuilder().clearHeader().build()).isEqualTo(RangeResponse.getDefaultInstance());
    }

    @Test
    void aTransactionTakesABranchAndItsPartsCarryOnlyTheRevision() {
        TxnRequest create = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(bytes("a"))
                        .setTarget(Compare.CompareTarget.VERSION)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setVersion(0))
                .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("a", "1")))
                .addSuccess(RequestOp.newBuilder().setRequestRange(range("a")))
                .addFailure(RequestOp.newBuilder()
                        .setRequestTxn(TxnRequest.newBuilder()
                                .addSuccess(RequestOp.newBuilder()
                                        .setRequestDeleteRange(
                                                DeleteRangeRequest.newBuilder().setKey(bytes("a"))))))
                .build();
        TxnResponse first = kv.txn(create);
        assertThat(first.getSucceeded()).isTrue();
        assertThat(first.getHeader().getRevision()).isEqualTo(2);
        assertThat(first.getHeader().getMemberId()).isEqualTo(0x11);
        RangeResponse inner = first.getResponses(1).getResponseRange();
        assertThat(inner.getKvs(0).getValue()).isEqualTo(bytes("1"));
        assertThat(inner.getHeader())
                .isEqualTo(ResponseHeader.newBuilder().setRevision(2).build());

        TxnResponse second = kv.txn(create);
        assertThat(second.getSucceeded()).isFalse();
        assertThat(second.getResponses(0)
                        .getResponseTxn()
                        .getResponses(0)
                        .getResponseDeleteRange()
                        .getDeleted())
                .isEqualTo(1);
    }

    @Test
    void aValueComparedOnAnAbsentKeyIsAlwaysFalse() {
        TxnResponse answer = kv.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(bytes("none"))
                        .setTarget(Compare.CompareTarget.VALUE)
                        .setResult(Compare.CompareResult.NOT_EQUAL)
                        .setValue(bytes("x")))
                .build());
        assertThat(answer.getSucceeded()).isFalse();
    }

    @Test
    void compactionForgetsAndRefusesTheSameRevisionTwice() {
        put("a", "1");
        put("a", "2");
        assertThat(kv.compact(compaction(3)).getHeader().getRevision()).isEqualTo(3);
        assertError(
                () -> kv.compact(compaction(3)), "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted");
        assertError(
                () -> kv.compact(compaction(99)),
                "OUT_OF_RANGE etcdserver: mvcc: required revision is a future revision");
        assertError(
                () -> kv.range(range("a").setRevision(2).build()),
                "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted");
        assertError(
                () -> kv.range(range("a").setRevision(9).build()),
                "OUT_OF_RANGE etcdserver: mvcc: required revision is a future revision");
    }

    @Test
    void brokenRequestsAreRefusedToTheLetter() {
        assertError(() -> kv.put(PutRequest.getDefaultInstance()), "INVALID_ARGUMENT etcdserver: key is not provided");
        assertError(
                () -> kv.range(RangeRequest.getDefaultInstance()), "INVALID_ARGUMENT etcdserver: key is not provided");
        assertError(
                () -> kv.txn(TxnRequest.newBuilder()
                        .addSuccess(RequestOp.getDefaultInstance())
                        .build()),
                "INVALID_ARGUMENT etcdserver: key not found");
        assertError(
                () -> kv.put(PutRequest.newBuilder()
                        .setKey(bytes("none"))
                        .setIgnoreValue(true)
                        .build()),
                "INVALID_ARGUMENT etcdserver: key not found");
        assertError(
                () -> kv.range(range("a").setSortOrderValue(77).build()),
                "INVALID_ARGUMENT etcdserver: invalid sort option");
        assertError(
                () -> kv.txn(TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("a", "1")))
                        .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("a", "2")))
                        .build()),
                "INVALID_ARGUMENT etcdserver: duplicate key given in txn request");
        assertThat(port.node().calls())
                .as("only the put of an absent key may reach the log")
                .isEqualTo(1);
    }

    @Test
    void tooManyOperationsAreRefused() {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int i = 0; i < 129; i++) {
            txn.addSuccess(RequestOp.newBuilder().setRequestRange(range("a")));
        }
        assertError(() -> kv.txn(txn.build()), "INVALID_ARGUMENT etcdserver: too many operations in txn request");
    }

    @Test
    void aRequestAboveTheLimitIsTooLargeAndOneBelowPasses() {
        ByteString large = ByteString.copyFrom(new byte[1_700_000]);
        assertError(
                () -> kv.put(PutRequest.newBuilder()
                        .setKey(bytes("a"))
                        .setValue(large)
                        .build()),
                "INVALID_ARGUMENT etcdserver: request is too large");
        ByteString fitting = ByteString.copyFrom(new byte[1_500_000]);
        kv.put(PutRequest.newBuilder().setKey(bytes("a")).setValue(fitting).build());
        assertThat(kv.range(range("a").build()).getKvs(0).getValue()).isEqualTo(fitting);
    }

    @Test
    void serializableReadsNeedNoNodeAtAll() {
        put("a", "1");
        int before = port.node().calls();
        port.node().lead(NodeId.NONE, 4);
        assertThat(kv.range(range("a").setSerializable(true).build()).getKvsCount())
                .isEqualTo(1);
        assertThat(kv.range(range("a")
                                .setRangeEnd(bytes("b"))
                                .setSerializable(true)
                                .build())
                        .getKvsCount())
                .isEqualTo(1);
        assertThat(port.node().calls()).isEqualTo(before);
    }

    @Test
    void aReadOnlyTransactionTakesNoPlaceInTheLog() {
        put("a", "1");
        long applied = port.node().status().appliedIndex();
        TxnResponse answer = kv.txn(TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestRange(range("a")))
                .build());
        assertThat(answer.getResponses(0).getResponseRange().getKvsCount()).isEqualTo(1);
        assertThat(answer.getHeader().getRevision()).isEqualTo(2);
        assertThat(port.node().status().appliedIndex()).isEqualTo(applied);
    }

    private PutResponse put(String key, String value) {
        return kv.put(putRequest(key, value).build());
    }

    private static PutRequest.Builder putRequest(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    }

    private static RangeRequest.Builder range(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key));
    }

    private static CompactionRequest compaction(long revision) {
        return CompactionRequest.newBuilder()
                .setRevision(revision)
                .setPhysical(true)
                .build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static void assertError(ThrowingCallable call, String expected) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            Status status = failure.getStatus();
            assertThat(status.getCode() + " " + status.getDescription()).isEqualTo(expected);
        });
    }
}
