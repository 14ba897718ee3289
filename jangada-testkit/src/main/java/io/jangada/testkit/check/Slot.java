package io.jangada.testkit.check;

import io.jangada.core.model.Entry;

/** An entry as checkers remember it: its term, and a digest of what it says. */
public record Slot(long term, long digest) {

    /** The image of an entry. */
    public static Slot of(Entry entry) {
        long digest = Digest.mix(Digest.of(entry.payload()), entry.type().code());
        return new Slot(entry.term(), digest);
    }

    @Override
    public String toString() {
        return "term " + term + " #" + Long.toHexString(digest >>> 40);
    }
}
