package io.jangada.kv.model;

/** An operation of a transaction in which the client named nothing to do. The rules refuse it, with {@link KvError#KEY_NOT_FOUND}. */
public record EmptyRequest() implements KvRequest {}
