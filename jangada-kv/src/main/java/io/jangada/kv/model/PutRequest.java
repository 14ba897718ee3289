package io.jangada.kv.model;

/** Sets a key. */
public record PutRequest(Bytes key, Bytes value, long lease, boolean prevKv, boolean ignoreValue, boolean ignoreLease)
        implements KvRequest {}
