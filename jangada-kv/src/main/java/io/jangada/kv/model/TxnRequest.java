package io.jangada.kv.model;

import java.util.List;

/** If all comparisons hold, {@code success}, else {@code failure}, as one step; branches hold puts, ranges, deletions and transactions. */
public record TxnRequest(List<Compare> compare, List<KvRequest> success, List<KvRequest> failure)
        implements KvRequest {}
