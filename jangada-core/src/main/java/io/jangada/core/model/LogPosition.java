package io.jangada.core.model;

/** A place in the log: the entry at {@code index}, if it has {@code term}; with another term it is another entry. */
public record LogPosition(long index, long term) {}
