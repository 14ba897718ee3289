package io.jangada.kv.model;

/** One version of a key. */
public record KeyValue(Bytes key, long createRevision, long modRevision, long version, Bytes value, long lease) {}
