package io.jangada.verify.cluster;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.Compare;
import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.etcd.rpc.RequestOp;
import io.jangada.etcd.rpc.TxnRequest;
import io.jangada.etcd.rpc.TxnResponse;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Delete;
import io.jangada.testkit.history.VersionedRegisterModel.Get;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.testkit.history.VersionedRegisterModel.Put;
import io.jangada.testkit.history.VersionedRegisterModel.PutIf;
import io.jangada.verify.process.MemberChannels;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;

/** A client that writes down what it asks and is told. One thread; the recorder may be shared. */
final class RecordingClient {
    private final int number;
    private final MemberChannels channels;
    private final HistoryRecorder<Op, Answer> recorder;
    private final Duration limit;

    RecordingClient(int number, MemberChannels channels, HistoryRecorder<Op, Answer> recorder, Duration limit) {
        this.number = number;
        this.channels = channels;
        this.recorder = recorder;
        this.limit = limit;
    }

    /** Asks this member; the answer, or nothing if there was none. */
    Optional<Answer> ask(int member, Op op) {
        int operation = recorder.invoke(number, op);
        try {
            Answer answer = call(channels.kv(member, limit), op);
            recorder.ok(operation, answer);
            return Optional.of(answer);
        } catch (StatusRuntimeException failure) {
            if (op instanceof Get || neverLeft(failure)) {
                recorder.fail(operation);
            } else {
                recorder.unknown(operation);
            }
            if (failure.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                channels.connectAgain(member);
            }
            return Optional.empty();
        }
    }

    /** Nobody listened, or a learner refused, so the request cannot have had an effect. Any other failure says nothing about that. */
    private static boolean neverLeft(StatusRuntimeException failure) {
        return failure.getStatus().getCause() instanceof ConnectException
                || failure.getStatus().getCode() == Status.Code.FAILED_PRECONDITION;
    }

    private static Answer call(KVGrpc.KVBlockingStub kv, Op op) {
        ByteString key = ByteString.copyFromUtf8(op.key());
        if (op instanceof Get) {
            RangeResponse response =
                    kv.range(RangeRequest.newBuilder().setKey(key).build());
            if (response.getKvsCount() == 0) {
                return Answer.read(null, 0);
            }
            KeyValue kv0 = response.getKvs(0);
            return Answer.read(kv0.getValue().toStringUtf8(), kv0.getModRevision());
        }
        if (op instanceof Put put) {
            return Answer.changed(
                    kv.put(putRequest(key, put.value())).getHeader().getRevision());
        }
        if (op instanceof Delete) {
            DeleteRangeResponse response =
                    kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build());
            return response.getDeleted() == 0
                    ? Answer.unchanged()
                    : Answer.changed(response.getHeader().getRevision());
        }
        return putIf(kv, key, (PutIf) op);
    }

    private static Answer putIf(KVGrpc.KVBlockingStub kv, ByteString key, PutIf op) {
        TxnResponse response = kv.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(key)
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setModRevision(op.modRevision()))
                .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest(key, op.value())))
                .build());
        return response.getSucceeded() ? Answer.changed(response.getHeader().getRevision()) : Answer.unchanged();
    }

    private static PutRequest putRequest(ByteString key, String value) {
        return PutRequest.newBuilder()
                .setKey(key)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }
}
