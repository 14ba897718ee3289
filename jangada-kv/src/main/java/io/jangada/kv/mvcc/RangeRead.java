package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Keyspace;
import io.jangada.kv.model.Bytes;
import io.jangada.kv.model.KeyValue;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.RangeRequest.SortOrder;
import io.jangada.kv.model.RangeRequest.SortTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** One range read: filters, sorts and limits in etcd's way, and never holds more than the answer and one key-value pair. */
public final class RangeRead {
    private final RangeRequest request;
    private final @Nullable Comparator<KeyValue> order;
    private final boolean withValues;

    private RangeRead(RangeRequest request) {
        this.request = request;
        this.order = order(request);
        this.withValues = !request.keysOnly() || (order != null && request.sortTarget() == SortTarget.VALUE);
    }

    /** Why a read outside a transaction cannot be answered in this state, or null. */
    public static @Nullable KvError check(RangeRequest request, Meta meta) {
        if (request.revision() <= 0) {
            return null;
        }
        return checkRevision(request.revision(), meta);
    }

    /** Why a read inside a transaction cannot be answered, or null. Unlike outside, a negative revision counts as forgotten, as in etcd. */
    static @Nullable KvError checkInTxn(RangeRequest request, Meta meta) {
        return request.revision() == 0 ? null : checkRevision(request.revision(), meta);
    }

    private static @Nullable KvError checkRevision(long revision, Meta meta) {
        if (revision > meta.revision()) {
            return KvError.FUTURE_REVISION;
        }
        return revision < meta.compactRevision() ? KvError.COMPACTED : null;
    }

    /** Answers a read that has passed {@link #check}; the answer says that it was given at {@code present}. */
    public static KvResponse.Range read(Keyspace keyspace, long present, RangeRequest request) {
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        long at = request.revision() <= 0 || request.revision() == present ? Versions.PRESENT : request.revision();
        try (Versions versions = Versions.open(keyspace, range, at)) {
            RangeRead read = new RangeRead(request);
            if (request.countOnly()) {
                return new KvResponse.Range(present, List.of(), false, count(versions));
            }
            return read.order == null ? read.inKeyOrder(versions, present) : read.sorted(versions, present);
        }
    }

    private static long count(Versions versions) {
        long count = 0;
        while (versions.next()) {
            count++;
        }
        return count;
    }

    private KvResponse.Range inKeyOrder(Versions versions, long present) {
        List<KeyValue> kvs = new ArrayList<>();
        long limit = request.limit() > 0 ? request.limit() : Long.MAX_VALUE;
        boolean more = false;
        long count = 0;
        while (versions.next()) {
            count++;
            if (more) {
                continue;
            }
            if (kvs.size() < limit) {
                byte[] version = versions.version();
                if (passes(version)) {
                    kvs.add(decode(versions.key(), version));
                }
            } else {
                more = passes(versions.version());
            }
        }
        return new KvResponse.Range(present, kvs, more, count);
    }

    private KvResponse.Range sorted(Versions versions, long present) {
        Comparator<KeyValue> comparator = order == null ? Comparator.comparing(KeyValue::key) : order;
        long limit = request.limit() > 0 ? request.limit() : Long.MAX_VALUE;
        // The worst of those kept is on top, so that it can make room for a better one.
        PriorityQueue<KeyValue> kept = new PriorityQueue<>(comparator.reversed());
        boolean more = false;
        long count = 0;
        while (versions.next()) {
            count++;
            byte[] version = versions.version();
            if (!passes(version)) {
                continue;
            }
            kept.add(decode(versions.key(), version));
            if (kept.size() > limit) {
                kept.poll();
                more = true;
            }
        }
        List<KeyValue> kvs = new ArrayList<>(kept);
        kvs.sort(comparator);
        if (request.keysOnly()) {
            kvs.replaceAll(RangeRead::withoutValue);
        }
        return new KvResponse.Range(present, kvs, more, count);
    }

    private KeyValue decode(Bytes key, byte[] version) {
        return withValues ? Version.decode(key, version) : Version.decodeWithoutValue(key, version);
    }

    private static KeyValue withoutValue(KeyValue kv) {
        return new KeyValue(kv.key(), kv.createRevision(), kv.modRevision(), kv.version(), Bytes.EMPTY, kv.lease());
    }

    private boolean passes(byte[] version) {
        return within(Version.mod(version), request.minModRevision(), request.maxModRevision())
                && within(Version.create(version), request.minCreateRevision(), request.maxCreateRevision());
    }

    private static boolean within(long revision, long min, long max) {
        return (min == 0 || revision >= min) && (max == 0 || revision <= max);
    }

    /** The order asked for, or null for that of the keys, in which they come anyway. Ties go by key, so that all nodes answer the same. */
    private static @Nullable Comparator<KeyValue> order(RangeRequest request) {
        boolean descend = request.sortOrder() == SortOrder.DESCEND;
        if (request.sortTarget() == SortTarget.KEY && !descend) {
            return null;
        }
        Comparator<KeyValue> by =
                switch (request.sortTarget()) {
                    case KEY -> Comparator.comparing(KeyValue::key);
                    case VERSION -> Comparator.comparingLong(KeyValue::version);
                    case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
                    case MOD -> Comparator.comparingLong(KeyValue::modRevision);
                    case VALUE -> Comparator.comparing(KeyValue::value);
                };
        return (descend ? by.reversed() : by).thenComparing(KeyValue::key);
    }
}
