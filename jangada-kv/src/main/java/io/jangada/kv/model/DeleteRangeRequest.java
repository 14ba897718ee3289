package io.jangada.kv.model;

/** Deletes a key or a range; an empty {@code rangeEnd} means the one key. */
public record DeleteRangeRequest(Bytes key, Bytes rangeEnd, boolean prevKv) implements KvRequest {}
