package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Batch;
import io.jangada.kv.engine.Keyspace;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import org.jspecify.annotations.Nullable;

/** A run of commands on the way into the engine: each sees those before it, nobody else sees any of them yet. One thread. */
public final class ApplyBatch {
    private final Overlay overlay;
    private Meta meta;

    /** Starts on this state. */
    public ApplyBatch(Keyspace state, Meta meta) {
        this.overlay = new Overlay(state);
        this.meta = meta;
    }

    /** Where the store stands after the commands so far. */
    public Meta meta() {
        return meta;
    }

    /** Carries out one command, or refuses it with nothing changed but the applied index. */
    public KvResponse apply(long index, long term, KvRequest request) {
        KvResponse response;
        try {
            response = execute(request);
        } catch (KvException e) {
            response = new KvResponse.Refused(meta.revision(), e.error());
        }
        meta = new Meta(index, term, meta.revision(), meta.compactRevision());
        return response;
    }

    private KvResponse execute(KvRequest request) {
        if (request instanceof PutRequest put) {
            refuseIf(put.lease() == 0 ? null : KvError.LEASE_NOT_FOUND);
            Changes changes = new Changes(overlay, meta.revision());
            KvResponse response = changes.put(put);
            advance(changes);
            return response;
        }
        if (request instanceof DeleteRangeRequest delete) {
            Changes changes = new Changes(overlay, meta.revision());
            KvResponse response = changes.delete(delete);
            advance(changes);
            return response;
        }
        if (request instanceof TxnRequest txn) {
            return transact(txn);
        }
        if (request instanceof CompactRequest compact) {
            return compact(compact);
        }
        if (request instanceof RangeRequest range) {
            refuseIf(RangeRead.check(range, meta));
            return RangeRead.read(overlay, meta.revision(), range);
        }
        throw new KvException(KvError.KEY_NOT_FOUND);
    }

    private KvResponse transact(TxnRequest request) {
        Transaction transaction = Transaction.choose(overlay, request);
        refuseIf(transaction.check(overlay, meta));
        Changes changes = new Changes(overlay, meta.revision());
        overlay.begin();
        try {
            KvResponse response = transaction.carryOut(overlay, changes);
            overlay.keep();
            advance(changes);
            return response;
        } catch (KvException e) {
            // A put that keeps the value of a key which the same transaction has deleted: only known now. etcd crashes
            // here.
            overlay.undo();
            throw e;
        }
    }

    private KvResponse compact(CompactRequest request) {
        if (request.revision() <= meta.compactRevision()) {
            throw new KvException(KvError.COMPACTED);
        }
        if (request.revision() > meta.revision()) {
            throw new KvException(KvError.FUTURE_REVISION);
        }
        meta = new Meta(meta.appliedIndex(), meta.appliedTerm(), meta.revision(), request.revision());
        return new KvResponse.Compact(meta.revision());
    }

    private void advance(Changes changes) {
        meta = new Meta(meta.appliedIndex(), meta.appliedTerm(), changes.revision(), meta.compactRevision());
    }

    private static void refuseIf(@Nullable KvError error) {
        if (error != null) {
            throw new KvException(error);
        }
    }

    /** All changes, with the place in the log to which they lead. */
    Batch finish(long appliedIndex) {
        meta = meta.applied(appliedIndex);
        Batch batch = new Batch();
        overlay.writeTo(batch);
        batch.put(Keys.META, meta.encode());
        return batch;
    }
}
