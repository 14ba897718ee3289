package io.jangada.server.api;

import io.jangada.etcd.rpc.CompactionRequest;
import io.jangada.etcd.rpc.RequestOp;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.RangeRequest.SortOrder;
import io.jangada.kv.model.RangeRequest.SortTarget;
import io.jangada.kv.model.TxnRequest;
import java.util.ArrayList;
import java.util.List;

/** Turns the API's requests into the store's. What the store's types cannot express is refused with {@link KvException}. */
final class RequestDecoder {

    /** Transactions in transactions beyond this depth are refused, so that no request can exhaust a stack. */
    private static final int MAX_DEPTH = 128;

    private RequestDecoder() {}

    static RangeRequest range(io.jangada.etcd.rpc.RangeRequest request) {
        return new RangeRequest(
                ByteStrings.of(request.getKey()),
                ByteStrings.of(request.getRangeEnd()),
                request.getLimit(),
                request.getRevision(),
                sortOrder(request.getSortOrder()),
                sortTarget(request.getSortTarget()),
                request.getSerializable(),
                request.getKeysOnly(),
                request.getCountOnly(),
                request.getMinModRevision(),
                request.getMaxModRevision(),
                request.getMinCreateRevision(),
                request.getMaxCreateRevision());
    }

    static PutRequest put(io.jangada.etcd.rpc.PutRequest request) {
        return new PutRequest(
                ByteStrings.of(request.getKey()),
                ByteStrings.of(request.getValue()),
                request.getLease(),
                request.getPrevKv(),
                request.getIgnoreValue(),
                request.getIgnoreLease());
    }

    static DeleteRangeRequest deleteRange(io.jangada.etcd.rpc.DeleteRangeRequest request) {
        return new DeleteRangeRequest(
                ByteStrings.of(request.getKey()), ByteStrings.of(request.getRangeEnd()), request.getPrevKv());
    }

    static TxnRequest txn(io.jangada.etcd.rpc.TxnRequest request) {
        return txn(request, 1);
    }

    static CompactRequest compact(CompactionRequest request) {
        return new CompactRequest(request.getRevision(), request.getPhysical());
    }

    private static TxnRequest txn(io.jangada.etcd.rpc.TxnRequest request, int depth) {
        if (depth > MAX_DEPTH) {
            throw new KvException(KvError.TOO_MANY_OPS);
        }
        List<Compare> compares = new ArrayList<>(request.getCompareCount());
        for (io.jangada.etcd.rpc.Compare compare : request.getCompareList()) {
            compares.add(compare(compare));
        }
        return new TxnRequest(
                compares, branch(request.getSuccessList(), depth), branch(request.getFailureList(), depth));
    }

    private static List<KvRequest> branch(List<RequestOp> operations, int depth) {
        List<KvRequest> branch = new ArrayList<>(operations.size());
        for (RequestOp operation : operations) {
            branch.add(
                    switch (operation.getRequestCase()) {
                        case REQUEST_RANGE -> range(operation.getRequestRange());
                        case REQUEST_PUT -> put(operation.getRequestPut());
                        case REQUEST_DELETE_RANGE -> deleteRange(operation.getRequestDeleteRange());
                        case REQUEST_TXN -> txn(operation.getRequestTxn(), depth + 1);
                        case REQUEST_NOT_SET -> throw new KvException(KvError.KEY_NOT_FOUND);
                    });
        }
        return branch;
    }

    /** The operand is the one that fits the target; a compare that carries another one compares with zero or nothing, as in etcd. */
    private static Compare compare(io.jangada.etcd.rpc.Compare compare) {
        Compare.Target target =
                switch (compare.getTarget()) {
                    case VERSION -> Compare.Target.VERSION;
                    case CREATE -> Compare.Target.CREATE;
                    case MOD -> Compare.Target.MOD;
                    case VALUE -> Compare.Target.VALUE;
                    case LEASE -> Compare.Target.LEASE;
                    case UNRECOGNIZED -> throw new UnknownNameException("compare target", compare.getTargetValue());
                };
        Compare.Result result =
                switch (compare.getResult()) {
                    case EQUAL -> Compare.Result.EQUAL;
                    case GREATER -> Compare.Result.GREATER;
                    case LESS -> Compare.Result.LESS;
                    case NOT_EQUAL -> Compare.Result.NOT_EQUAL;
                    case UNRECOGNIZED -> throw new UnknownNameException("compare result", compare.getResultValue());
                };
        long number =
                switch (target) {
                    case VERSION -> compare.getVersion();
                    case CREATE -> compare.getCreateRevision();
                    case MOD -> compare.getModRevision();
                    case LEASE -> compare.getLease();
                    case VALUE -> 0;
                };
        return new Compare(
                result,
                target,
                ByteStrings.of(compare.getKey()),
                ByteStrings.of(compare.getRangeEnd()),
                number,
                ByteStrings.of(compare.getValue()));
    }

    private static SortOrder sortOrder(io.jangada.etcd.rpc.RangeRequest.SortOrder order) {
        return switch (order) {
            case NONE -> SortOrder.NONE;
            case ASCEND -> SortOrder.ASCEND;
            case DESCEND -> SortOrder.DESCEND;
            case UNRECOGNIZED -> throw new KvException(KvError.INVALID_SORT_OPTION);
        };
    }

    private static SortTarget sortTarget(io.jangada.etcd.rpc.RangeRequest.SortTarget target) {
        return switch (target) {
            case KEY -> SortTarget.KEY;
            case VERSION -> SortTarget.VERSION;
            case CREATE -> SortTarget.CREATE;
            case MOD -> SortTarget.MOD;
            case VALUE -> SortTarget.VALUE;
            case UNRECOGNIZED -> throw new KvException(KvError.INVALID_SORT_OPTION);
        };
    }
}
