package io.jangada.kv;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KeyValue;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.List;

/** Requests in few words, for tests that people read. */
final class Requests {
    static final String END = "\0";

    private Requests() {}

    static PutRequest put(String key, String value) {
        return new PutRequest(Bytes.of(key), Bytes.of(value), 0, true, false, false);
    }

    static PutRequest putKeepingValue(String key) {
        return new PutRequest(Bytes.of(key), Bytes.EMPTY, 0, false, true, false);
    }

    static DeleteRangeRequest delete(String key) {
        return delete(key, "");
    }

    static DeleteRangeRequest delete(String key, String end) {
        return new DeleteRangeRequest(Bytes.of(key), Bytes.of(end), true);
    }

    static RangeRequest get(String key) {
        return range(key, "");
    }

    static RangeRequest range(String key, String end) {
        return RangeRequest.of(Bytes.of(key), Bytes.of(end));
    }

    static RangeRequest rangeAt(long revision, String key, String end) {
        return new RangeRequest(
                Bytes.of(key),
                Bytes.of(end),
                0,
                revision,
                RangeRequest.SortOrder.NONE,
                RangeRequest.SortTarget.KEY,
                false,
                false,
                false,
                0,
                0,
                0,
                0);
    }

    static RangeRequest limited(
            long limit, RangeRequest.SortOrder order, RangeRequest.SortTarget target, boolean keysOnly) {
        return new RangeRequest(
                Bytes.of(END), Bytes.of(END), limit, 0, order, target, false, keysOnly, false, 0, 0, 0, 0);
    }

    static TxnRequest txn(KvRequest... steps) {
        return new TxnRequest(List.of(), List.of(steps), List.of());
    }

    static TxnRequest txnIf(Compare compare, List<KvRequest> success, List<KvRequest> failure) {
        return new TxnRequest(List.of(compare), success, failure);
    }

    static Compare compare(Compare.Target target, Compare.Result result, String key, long number) {
        return new Compare(result, target, Bytes.of(key), Bytes.EMPTY, number, Bytes.EMPTY);
    }

    static Compare compareValue(Compare.Result result, String key, String value) {
        return new Compare(result, Compare.Target.VALUE, Bytes.of(key), Bytes.EMPTY, 0, Bytes.of(value));
    }

    static KeyValue kv(String key, long create, long mod, long version, String value) {
        return new KeyValue(Bytes.of(key), create, mod, version, Bytes.of(value), 0);
    }
}
