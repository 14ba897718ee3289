package io.jangada.testkit.check;

import java.util.HashMap;
import java.util.Map;

/**
 * If two logs hold an entry with the same index and term, they are equal up to it (§5.3).
 *
 * <p>Checked entry by entry as it is written: the same index and term must mean the same content and the same term before it; the rest
 * follows by induction. Costs the same however long the logs are.
 */
public final class LogMatching {
    private record Position(long index, long term) {}

    private record Content(long digest, long previousTerm) {}

    private final Map<Position, Content> known = new HashMap<>();

    /** A node writes this entry at this index, after an entry of {@code previousTerm} (0 for the first). */
    public void written(long index, Slot slot, long previousTerm) {
        Content content = new Content(slot.digest(), previousTerm);
        Content earlier = known.putIfAbsent(new Position(index, slot.term()), content);
        if (earlier != null && !earlier.equals(content)) {
            throw new SafetyViolation(
                    "LogMatching",
                    "two entries " + index + " of term " + slot.term() + " differ: "
                            + (earlier.digest() == slot.digest()
                                    ? "one follows term " + earlier.previousTerm() + ", one term " + previousTerm
                                    : "they say different things"));
        }
    }
}
