package io.jangada.core.model;

/**
 * Where a log begins: behind the entry with this index and term, which a snapshot covers.
 *
 * @param reset whether whatever the log holds after that entry goes too, because it contradicts the snapshot or does not reach it
 */
public record LogBase(long index, long term, boolean reset) {
    public LogBase {
        if (index < 1 || term < 1) {
            throw new IllegalArgumentException("a log cannot begin behind entry " + index + " of term " + term);
        }
    }
}
