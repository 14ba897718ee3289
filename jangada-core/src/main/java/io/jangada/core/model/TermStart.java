package io.jangada.core.model;

/** The first index of a run of entries with one term: a log's terms are a short list of these, whatever its length. */
public record TermStart(long index, long term) {}
