package io.jangada.kv.model;

/**
 * Reads a key or a range, at the present revision or (with {@code revision} above 0) at an earlier one. An empty {@code rangeEnd} means the
 * one key. Filters, sort order and limit are applied in this order.
 */
public record RangeRequest(
        Bytes key,
        Bytes rangeEnd,
        long limit,
        long revision,
        SortOrder sortOrder,
        SortTarget sortTarget,
        boolean serializable,
        boolean keysOnly,
        boolean countOnly,
        long minModRevision,
        long maxModRevision,
        long minCreateRevision,
        long maxCreateRevision)
        implements KvRequest {

    public enum SortOrder {
        NONE,
        ASCEND,
        DESCEND
    }

    public enum SortTarget {
        KEY,
        VERSION,
        CREATE,
        MOD,
        VALUE
    }

    /** A range read at the present revision with no options. */
    public static RangeRequest of(Bytes key, Bytes rangeEnd) {
        return new RangeRequest(key, rangeEnd, 0, 0, SortOrder.NONE, SortTarget.KEY, false, false, false, 0, 0, 0, 0);
    }
}
