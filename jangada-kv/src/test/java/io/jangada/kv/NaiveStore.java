package io.jangada.kv;

import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.Compare;
import io.jangada.kv.model.DeleteRangeRequest;
import io.jangada.kv.model.KeyValue;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.PutRequest;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.RangeRequest.SortOrder;
import io.jangada.kv.model.RangeRequest.SortTarget;
import io.jangada.kv.model.TxnRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The store as one would write it without any care for speed: a full copy of the state for each revision. What tests compare with. */
final class NaiveStore {
    /** The state at revision i + 1. */
    private final List<NavigableMap<Bytes, KeyValue>> states = new ArrayList<>(List.of(new TreeMap<>()));

    private long compacted = -1;

    long revision() {
        return states.size();
    }

    long compacted() {
        return compacted;
    }

    KvResponse apply(KvRequest request) {
        try {
            if (request instanceof CompactRequest compact) {
                return compact(compact);
            }
            Working working = new Working();
            KvResponse response;
            if (request instanceof TxnRequest txn) {
                List<Boolean> path = new ArrayList<>();
                choose(txn, path);
                check(txn, new ArrayList<>(path));
                KvResponse.Txn inner = working.txn(txn, new ArrayList<>(path));
                response = new KvResponse.Txn(working.revision(), inner.succeeded(), inner.responses());
            } else {
                if (request instanceof PutRequest put && put.lease() != 0) {
                    throw new KvException(KvError.LEASE_NOT_FOUND);
                }
                response = working.step(request);
            }
            if (working.changed) {
                states.add(working.state);
            }
            return response;
        } catch (KvException e) {
            return new KvResponse.Refused(revision(), e.error());
        }
    }

    KvResponse range(RangeRequest request) {
        try {
            checkRevision(Math.max(0, request.revision()));
            return new Working().range(request);
        } catch (KvException e) {
            return new KvResponse.Refused(revision(), e.error());
        }
    }

    private KvResponse compact(CompactRequest request) {
        if (request.revision() <= compacted) {
            throw new KvException(KvError.COMPACTED);
        }
        if (request.revision() > revision()) {
            throw new KvException(KvError.FUTURE_REVISION);
        }
        compacted = request.revision();
        return new KvResponse.Compact(revision());
    }

    private void checkRevision(long revision) {
        if (revision > revision()) {
            throw new KvException(KvError.FUTURE_REVISION);
        }
        if (revision != 0 && revision < compacted) {
            throw new KvException(KvError.COMPACTED);
        }
    }

    private NavigableMap<Bytes, KeyValue> present() {
        return states.get(states.size() - 1);
    }

    /** Appends the choice of this transaction and of those nested in its chosen branch, in order. */
    private void choose(TxnRequest txn, List<Boolean> path) {
        boolean success = txn.compare().stream().allMatch(this::holds);
        path.add(success);
        for (KvRequest step : success ? txn.success() : txn.failure()) {
            if (step instanceof TxnRequest nested) {
                choose(nested, path);
            }
        }
    }

    private boolean holds(Compare compare) {
        List<KeyValue> kvs = new ArrayList<>();
        present().forEach((key, kv) -> {
            if (inside(key, compare.key(), compare.rangeEnd())) {
                kvs.add(kv);
            }
        });
        if (kvs.isEmpty()) {
            if (compare.target() == Compare.Target.VALUE) {
                return false;
            }
            kvs.add(new KeyValue(compare.key(), 0, 0, 0, Bytes.EMPTY, 0));
        }
        return kvs.stream().allMatch(kv -> holds(compare, kv));
    }

    private static boolean holds(Compare compare, KeyValue kv) {
        int order =
                switch (compare.target()) {
                    case VERSION -> Long.compare(kv.version(), compare.number());
                    case CREATE -> Long.compare(kv.createRevision(), compare.number());
                    case MOD -> Long.compare(kv.modRevision(), compare.number());
                    case LEASE -> Long.compare(kv.lease(), compare.number());
                    case VALUE -> kv.value().compareTo(compare.value());
                };
        return switch (compare.result()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
        };
    }

    private void check(TxnRequest txn, List<Boolean> path) {
        for (KvRequest step : path.remove(0) ? txn.success() : txn.failure()) {
            if (step instanceof TxnRequest nested) {
                check(nested, path);
            } else if (step instanceof RangeRequest range) {
                checkRevision(range.revision());
            } else if (step instanceof PutRequest put) {
                if ((put.ignoreValue() || put.ignoreLease()) && !present().containsKey(put.key())) {
                    throw new KvException(KvError.KEY_NOT_FOUND);
                }
                if (put.lease() != 0) {
                    throw new KvException(KvError.LEASE_NOT_FOUND);
                }
            }
        }
    }

    static boolean inside(Bytes key, Bytes start, Bytes end) {
        if (end.isEmpty()) {
            return key.equals(start);
        }
        boolean endless = end.length() == 1 && end.at(0) == 0;
        return key.compareTo(start) >= 0 && (endless || key.compareTo(end) < 0);
    }

    /** One request under way, on a copy of the state. */
    private final class Working {
        final NavigableMap<Bytes, KeyValue> state = new TreeMap<>(present());
        boolean changed;

        long revision() {
            return NaiveStore.this.revision() + (changed ? 1 : 0);
        }

        KvResponse step(KvRequest request) {
            if (request instanceof PutRequest put) {
                return put(put);
            }
            if (request instanceof DeleteRangeRequest delete) {
                return delete(delete);
            }
            if (request instanceof RangeRequest range) {
                return range(range);
            }
            throw new IllegalArgumentException(request.toString());
        }

        KvResponse.Txn txn(TxnRequest txn, List<Boolean> path) {
            boolean success = path.remove(0);
            List<KvResponse> responses = new ArrayList<>();
            for (KvRequest step : success ? txn.success() : txn.failure()) {
                responses.add(step instanceof TxnRequest nested ? txn(nested, path) : step(step));
            }
            return new KvResponse.Txn(0, success, responses);
        }

        KvResponse put(PutRequest put) {
            KeyValue old = state.get(put.key());
            if (old == null && (put.ignoreValue() || put.ignoreLease())) {
                throw new KvException(KvError.KEY_NOT_FOUND);
            }
            changed = true;
            Bytes value = old != null && put.ignoreValue() ? old.value() : put.value();
            long lease = old != null && put.ignoreLease() ? old.lease() : put.lease();
            long create = old == null ? revision() : old.createRevision();
            long version = old == null ? 1 : old.version() + 1;
            state.put(put.key(), new KeyValue(put.key(), create, revision(), version, value, lease));
            return new KvResponse.Put(revision(), put.prevKv() ? old : null);
        }

        KvResponse delete(DeleteRangeRequest delete) {
            List<KeyValue> gone = new ArrayList<>();
            for (KeyValue kv : state.values()) {
                if (inside(kv.key(), delete.key(), delete.rangeEnd())) {
                    gone.add(kv);
                }
            }
            gone.forEach(kv -> state.remove(kv.key()));
            changed |= !gone.isEmpty();
            return new KvResponse.DeleteRange(revision(), gone.size(), delete.prevKv() ? gone : List.of());
        }

        KvResponse range(RangeRequest range) {
            NavigableMap<Bytes, KeyValue> seen = range.revision() <= 0 ? state : states.get((int) range.revision() - 1);
            List<KeyValue> kvs = new ArrayList<>();
            for (KeyValue kv : seen.values()) {
                if (inside(kv.key(), range.key(), range.rangeEnd())) {
                    kvs.add(kv);
                }
            }
            long count = kvs.size();
            if (range.countOnly()) {
                return new KvResponse.Range(revision(), List.of(), false, count);
            }
            kvs.removeIf(kv -> range.minModRevision() != 0 && kv.modRevision() < range.minModRevision());
            kvs.removeIf(kv -> range.maxModRevision() != 0 && kv.modRevision() > range.maxModRevision());
            kvs.removeIf(kv -> range.minCreateRevision() != 0 && kv.createRevision() < range.minCreateRevision());
            kvs.removeIf(kv -> range.maxCreateRevision() != 0 && kv.createRevision() > range.maxCreateRevision());
            sort(kvs, range);
            boolean more = range.limit() > 0 && kvs.size() > range.limit();
            List<KeyValue> shown = new ArrayList<>(more ? kvs.subList(0, (int) range.limit()) : kvs);
            if (range.keysOnly()) {
                shown.replaceAll(kv -> new KeyValue(
                        kv.key(), kv.createRevision(), kv.modRevision(), kv.version(), Bytes.EMPTY, kv.lease()));
            }
            return new KvResponse.Range(revision(), shown, more, count);
        }
    }

    private static void sort(List<KeyValue> kvs, RangeRequest range) {
        Comparator<KeyValue> by = Comparator.comparing(KeyValue::key);
        if (range.sortTarget() == SortTarget.VERSION) {
            by = Comparator.comparing(KeyValue::version);
        } else if (range.sortTarget() == SortTarget.CREATE) {
            by = Comparator.comparing(KeyValue::createRevision);
        } else if (range.sortTarget() == SortTarget.MOD) {
            by = Comparator.comparing(KeyValue::modRevision);
        } else if (range.sortTarget() == SortTarget.VALUE) {
            by = Comparator.comparing(KeyValue::value);
        }
        // The sort is stable and the list is in the order of keys, which so decides between equals.
        kvs.sort(range.sortOrder() == SortOrder.DESCEND ? by.reversed() : by);
    }
}
