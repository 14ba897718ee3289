package io.jangada.core.model;

/** A place in the log: the entry at {@code index}, if it has {@code term}; with another term it is another entry. */
public record LogPosition(long index, long term) {

    /** Whether a log that ends here is more up-to-date than one that ends there: the term decides first (§5.4.1, trap 18). */
    public boolean isAfter(LogPosition other) {
        return term != other.term ? term > other.term : index > other.index;
    }
}
