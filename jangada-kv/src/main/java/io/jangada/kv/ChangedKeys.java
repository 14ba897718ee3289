package io.jangada.kv;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.TxnRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys that one branch of a transaction puts and the ranges that it deletes, found while checking that no key is changed twice.
 *
 * <p>Follows etcd to the letter, with its two gaps, which clients may rely on: a deletion "from this key on" (range end 00) collides with nothing, and
 * a put in a nested transaction does not collide with a deletion in a later nested one.
 */
final class ChangedKeys {
    private final Set<Bytes> puts = new HashSet<>();
    /** Disjoint ranges: start to end (excluded). */
    private final NavigableMap<Bytes, Bytes> deleted = new TreeMap<>();

    private ChangedKeys() {}

    /** Collects the keys of a branch; refuses a key that is put twice, or put and deleted. */
    static ChangedKeys of(List<KvRequest> branch) {
        ChangedKeys keys = new ChangedKeys();
        for (KvRequest step : branch) {
            if (step instanceof DeleteRangeRequest delete) {
                keys.delete(delete.key(), endOf(delete));
            }
        }
        for (KvRequest step : branch) {
            if (step instanceof TxnRequest nested) {
                keys.addNested(of(nested.success()), of(nested.failure()));
            }
        }
        for (KvRequest step : branch) {
            if (step instanceof PutRequest put) {
                keys.put(put.key());
            }
        }
        return keys;
    }

    /** Only one of the two is carried out, so both may put the same key. */
    private void addNested(ChangedKeys success, ChangedKeys failure) {
        for (Bytes key : success.puts) {
            put(key);
        }
        for (Bytes key : failure.puts) {
            if (!success.puts.contains(key)) {
                put(key);
            }
        }
        success.deleted.forEach(this::delete);
        failure.deleted.forEach(this::delete);
    }

    private void put(Bytes key) {
        Map.Entry<Bytes, Bytes> range = deleted.floorEntry(key);
        if ((range != null && key.compareTo(range.getValue()) < 0) || !puts.add(key)) {
            throw new KvException(KvError.DUPLICATE_KEY);
        }
    }

    private void delete(Bytes start, Bytes end) {
        if (start.compareTo(end) >= 0) {
            return;
        }
        Bytes from = start;
        Bytes to = end;
        Map.Entry<Bytes, Bytes> touching = deleted.floorEntry(to);
        while (touching != null && touching.getValue().compareTo(from) >= 0) {
            from = touching.getKey().compareTo(from) < 0 ? touching.getKey() : from;
            to = touching.getValue().compareTo(to) > 0 ? touching.getValue() : to;
            deleted.remove(touching.getKey());
            touching = deleted.floorEntry(to);
        }
        deleted.put(from, to);
    }

    private static Bytes endOf(DeleteRangeRequest delete) {
        if (!delete.rangeEnd().isEmpty()) {
            return delete.rangeEnd();
        }
        byte[] key = delete.key().array();
        byte[] next = new byte[key.length + 1];
        System.arraycopy(key, 0, next, 0, key.length);
        return Bytes.wrap(next);
    }
}
