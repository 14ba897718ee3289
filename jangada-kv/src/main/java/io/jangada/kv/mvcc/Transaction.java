package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Keyspace;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction whose branches have been chosen: all of them, nested ones too, on the state before it.
 *
 * <p>Three steps: choose, check, carry out. What can be known to fail fails in the second, so that a transaction has all its effects or none.
 */
public final class Transaction {
    private final boolean succeeded;
    /** What is left to do: requests, and transactions whose branches are chosen too. */
    private final List<Step> steps;

    private record Step(KvRequest request, @Nullable Transaction nested) {}

    private Transaction(boolean succeeded, List<Step> steps) {
        this.succeeded = succeeded;
        this.steps = steps;
    }

    /** Chooses the branches on this state. */
    public static Transaction choose(Keyspace keyspace, TxnRequest request) {
        boolean succeeded = Conditions.hold(keyspace, request.compare());
        List<KvRequest> branch = succeeded ? request.success() : request.failure();
        List<Step> steps = new ArrayList<>(branch.size());
        for (KvRequest step : branch) {
            steps.add(new Step(step, step instanceof TxnRequest txn ? choose(keyspace, txn) : null));
        }
        return new Transaction(succeeded, steps);
    }

    /** The first step of the chosen branches that cannot be carried out in this state, in etcd's order, or null. */
    public @Nullable KvError check(Keyspace keyspace, Meta meta) {
        for (Step step : steps) {
            KvError error = null;
            if (step.nested() != null) {
                error = step.nested().check(keyspace, meta);
            } else if (step.request() instanceof RangeRequest range) {
                error = RangeRead.checkInTxn(range, meta);
            } else if (step.request() instanceof PutRequest put) {
                error = checkPut(keyspace, put);
            } else if (!(step.request() instanceof DeleteRangeRequest)) {
                error = KvError.KEY_NOT_FOUND;
            }
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable KvError checkPut(Keyspace keyspace, PutRequest put) {
        if ((put.ignoreValue() || put.ignoreLease()) && keyspace.get(Keys.current(put.key())) == null) {
            return KvError.KEY_NOT_FOUND;
        }
        return put.lease() == 0 ? null : KvError.LEASE_NOT_FOUND;
    }

    /** Answers a checked transaction that only reads. */
    public KvResponse.Txn read(Keyspace keyspace, long revision) {
        return new KvResponse.Txn(revision, succeeded, answers(keyspace, revision));
    }

    private List<KvResponse> answers(Keyspace keyspace, long revision) {
        List<KvResponse> responses = new ArrayList<>(steps.size());
        for (Step step : steps) {
            if (step.nested() != null) {
                responses.add(nestedAnswer(step.nested(), step.nested().answers(keyspace, revision)));
            } else if (step.request() instanceof RangeRequest range) {
                responses.add(RangeRead.read(keyspace, revision, range));
            } else {
                throw new IllegalArgumentException(
                        "a transaction that writes must go through the log: " + step.request());
            }
        }
        return responses;
    }

    /** Carries out a checked transaction. A {@link KvException} leaves changes behind that the caller must take back. */
    KvResponse.Txn carryOut(Overlay overlay, Changes changes) {
        List<KvResponse> responses = results(overlay, changes);
        return new KvResponse.Txn(changes.revision(), succeeded, responses);
    }

    private List<KvResponse> results(Overlay overlay, Changes changes) {
        List<KvResponse> responses = new ArrayList<>(steps.size());
        for (Step step : steps) {
            if (step.nested() != null) {
                responses.add(nestedAnswer(step.nested(), step.nested().results(overlay, changes)));
            } else if (step.request() instanceof PutRequest put) {
                responses.add(changes.put(put));
            } else if (step.request() instanceof DeleteRangeRequest delete) {
                responses.add(changes.delete(delete));
            } else if (step.request() instanceof RangeRequest range) {
                responses.add(RangeRead.read(overlay, changes.revision(), range));
            }
        }
        return responses;
    }

    /** The header of a nested answer is empty in etcd, so the revision is 0. */
    private static KvResponse nestedAnswer(Transaction nested, List<KvResponse> responses) {
        return new KvResponse.Txn(0, nested.succeeded, responses);
    }
}
