package io.jangada.kv.model;

/** Forgets versions that no read at or after {@code revision} can see. */
public record CompactRequest(long revision, boolean physical) implements KvRequest {}
