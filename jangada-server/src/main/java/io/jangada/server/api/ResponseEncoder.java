package io.jangada.server.api;

import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.CompactionResponse;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.PutResponse;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.etcd.rpc.ResponseHeader;
import io.jangada.etcd.rpc.ResponseOp;
import io.jangada.etcd.rpc.TxnResponse;
import io.jangada.kv.model.KvResponse;

/** Turns the store's answers into the API's. */
final class ResponseEncoder {
    private final Headers headers;

    ResponseEncoder(Headers headers) {
        this.headers = headers;
    }

    PutResponse put(KvResponse answer) {
        return put((KvResponse.Put) answer, headers.at(answer.revision()));
    }

    RangeResponse range(KvResponse answer) {
        return range((KvResponse.Range) answer, headers.at(answer.revision()));
    }

    DeleteRangeResponse deleteRange(KvResponse answer) {
        return deleteRange((KvResponse.DeleteRange) answer, headers.at(answer.revision()));
    }

    TxnResponse txn(KvResponse answer) {
        return txn((KvResponse.Txn) answer, headers.at(answer.revision()));
    }

    CompactionResponse compact(KvResponse answer) {
        return CompactionResponse.newBuilder()
                .setHeader(headers.at(answer.revision()))
                .build();
    }

    private static PutResponse put(KvResponse.Put answer, ResponseHeader header) {
        PutResponse.Builder response = PutResponse.newBuilder().setHeader(header);
        io.jangada.kv.model.KeyValue previous = answer.prevKv();
        if (previous != null) {
            response.setPrevKv(keyValue(previous));
        }
        return response.build();
    }

    private static RangeResponse range(KvResponse.Range answer, ResponseHeader header) {
        RangeResponse.Builder response = RangeResponse.newBuilder()
                .setHeader(header)
                .setMore(answer.more())
                .setCount(answer.count());
        answer.kvs().forEach(kv -> response.addKvs(keyValue(kv)));
        return response.build();
    }

    private static DeleteRangeResponse deleteRange(KvResponse.DeleteRange answer, ResponseHeader header) {
        DeleteRangeResponse.Builder response =
                DeleteRangeResponse.newBuilder().setHeader(header).setDeleted(answer.deleted());
        answer.prevKvs().forEach(kv -> response.addPrevKvs(keyValue(kv)));
        return response.build();
    }

    private static TxnResponse txn(KvResponse.Txn answer, ResponseHeader header) {
        TxnResponse.Builder response =
                TxnResponse.newBuilder().setHeader(header).setSucceeded(answer.succeeded());
        answer.responses().forEach(part -> response.addResponses(operation(part)));
        return response.build();
    }

    /** The answer to one operation of a transaction; its header carries only the revision. */
    private static ResponseOp operation(KvResponse answer) {
        ResponseHeader header =
                ResponseHeader.newBuilder().setRevision(answer.revision()).build();
        ResponseOp.Builder operation = ResponseOp.newBuilder();
        if (answer instanceof KvResponse.Range range) {
            operation.setResponseRange(range(range, header));
        } else if (answer instanceof KvResponse.Put put) {
            operation.setResponsePut(put(put, header));
        } else if (answer instanceof KvResponse.DeleteRange delete) {
            operation.setResponseDeleteRange(deleteRange(delete, header));
        } else if (answer instanceof KvResponse.Txn txn) {
            operation.setResponseTxn(txn(txn, header));
        } else {
            throw new IllegalStateException("a transaction cannot contain the answer " + answer);
        }
        return operation.build();
    }

    private static KeyValue keyValue(io.jangada.kv.model.KeyValue kv) {
        return KeyValue.newBuilder()
                .setKey(ByteStrings.of(kv.key()))
                .setCreateRevision(kv.createRevision())
                .setModRevision(kv.modRevision())
                .setVersion(kv.version())
                .setValue(ByteStrings.of(kv.value()))
                .setLease(kv.lease())
                .build();
    }
}
