package io.jangada.kv;

import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.List;
import java.util.function.Predicate;

/** Questions about transactions that decide how they travel. */
public final class TxnRequests {
    private TxnRequests() {}

    /** Whether it can change nothing, whichever branches are taken, so that it needs no place in the log. */
    public static boolean isReadOnly(TxnRequest request) {
        return all(request, range -> true);
    }

    /**
     * Whether it is read-only and every read in it is content with the state of any one node. One that only compares has not said so: what it compares with is the
     * present state.
     */
    public static boolean isSerializable(TxnRequest request) {
        return all(request, RangeRequest::serializable) && reads(request);
    }

    private static boolean reads(TxnRequest request) {
        return reads(request.success()) || reads(request.failure());
    }

    private static boolean reads(List<KvRequest> branch) {
        for (KvRequest step : branch) {
            if (step instanceof RangeRequest || (step instanceof TxnRequest txn && reads(txn))) {
                return true;
            }
        }
        return false;
    }

    private static boolean all(TxnRequest request, Predicate<RangeRequest> accepted) {
        return all(request.success(), accepted) && all(request.failure(), accepted);
    }

    private static boolean all(List<KvRequest> branch, Predicate<RangeRequest> accepted) {
        for (KvRequest step : branch) {
            boolean fits = step instanceof RangeRequest range
                    ? accepted.test(range)
                    : step instanceof TxnRequest txn && all(txn, accepted);
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
