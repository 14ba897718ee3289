package io.jangada.core.model;

/**
 * Where a log begins: behind the entry with this index and term, which a snapshot covers.
 *
 * <p>Without {@code reset} it may lie in a gap that damage has left, or among the intact entries behind one: then the log is empty and begins there.
 *
 * @param index 0 with term 0 and {@code reset} for a log that begins anew with its first entry, because the snapshot before what it held is gone
 * @param reset whether whatever the log holds after that entry goes too, because it contradicts the snapshot or does not reach it
 */
public record LogBase(long index, long term, boolean reset) {
    public LogBase {
        boolean nothing = index == 0 && term == 0 && reset;
        if (!nothing && (index < 1 || term < 1)) {
            throw new IllegalArgumentException("a log cannot begin behind entry " + index + " of term " + term);
        }
    }
}
