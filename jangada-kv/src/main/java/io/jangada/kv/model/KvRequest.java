package io.jangada.kv.model;

/** Something a client asks of the store. */
public sealed interface KvRequest
        permits PutRequest, RangeRequest, DeleteRangeRequest, TxnRequest, CompactRequest, EmptyRequest {}
