package io.jangada.kv;

import io.jangada.kv.model.Compare;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.List;

/** The rules that a request must keep whatever the store holds, asked before it is proposed or read; in etcd's order, first breach wins. */
public final class RequestRules {
    /** The most operations in one branch, and comparisons, of a transaction; nested ones share what their parent leaves. */
    public static final int MAX_TXN_OPS = 128;

    private RequestRules() {}

    /** Refuses what breaks a rule. */
    public static void check(KvRequest request) {
        if (request instanceof TxnRequest txn) {
            checkTxn(txn, MAX_TXN_OPS);
            // After the limits, so that the work is bounded.
            ChangedKeys.of(txn.success());
            ChangedKeys.of(txn.failure());
        } else if (request instanceof PutRequest put) {
            checkPut(put);
        } else if (request instanceof DeleteRangeRequest delete) {
            requireKey(delete.key().isEmpty());
        } else if (request instanceof RangeRequest range) {
            requireKey(range.key().isEmpty());
        }
    }

    private static void checkPut(PutRequest put) {
        requireKey(put.key().isEmpty());
        if (put.ignoreValue() && !put.value().isEmpty()) {
            throw new KvException(KvError.VALUE_PROVIDED);
        }
        if (put.ignoreLease() && put.lease() != 0) {
            throw new KvException(KvError.LEASE_PROVIDED);
        }
    }

    private static void checkTxn(TxnRequest txn, int budget) {
        int ops = Math.max(
                txn.compare().size(),
                Math.max(txn.success().size(), txn.failure().size()));
        if (ops > budget) {
            throw new KvException(KvError.TOO_MANY_OPS);
        }
        for (Compare compare : txn.compare()) {
            requireKey(compare.key().isEmpty());
        }
        checkBranch(txn.success(), budget - ops);
        checkBranch(txn.failure(), budget - ops);
    }

    private static void checkBranch(List<KvRequest> branch, int budget) {
        for (KvRequest step : branch) {
            if (step instanceof TxnRequest nested) {
                checkTxn(nested, budget);
            } else if (step instanceof PutRequest put) {
                checkPut(put);
            } else if (step instanceof DeleteRangeRequest delete) {
                requireKey(delete.key().isEmpty());
            } else if (step instanceof RangeRequest range) {
                requireKey(range.key().isEmpty());
            } else {
                throw new KvException(KvError.KEY_NOT_FOUND);
            }
        }
    }

    private static void requireKey(boolean missing) {
        if (missing) {
            throw new KvException(KvError.EMPTY_KEY);
        }
    }
}
