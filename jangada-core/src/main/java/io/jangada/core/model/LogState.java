package io.jangada.core.model;

import java.util.List;

/**
 * What a log holds, without its payloads: enough to start the protocol on it.
 *
 * <p>{@code firstIndex} is the first entry that is still there (1 for a log that was never compacted); an empty log has
 * {@code lastIndex == firstIndex - 1}. {@code terms} has one element for each run of entries with the same term, in ascending
 * order, the first at {@code firstIndex}.
 */
public record LogState(HardState hardState, long firstIndex, long lastIndex, List<TermStart> terms) {

    /** The state of a new, empty log. */
    public static final LogState EMPTY = new LogState(HardState.INITIAL, 1, 0, List.of());

    public LogState {
        terms = List.copyOf(terms);
        if (firstIndex < 1 || lastIndex < firstIndex - 1) {
            throw new IllegalArgumentException("not a log: first index " + firstIndex + ", last index " + lastIndex);
        }
        if (terms.isEmpty() != (lastIndex < firstIndex)) {
            throw new IllegalArgumentException(
                    "terms " + terms + " do not describe entries " + firstIndex + ".." + lastIndex);
        }
        for (int i = 0; i < terms.size(); i++) {
            TermStart run = terms.get(i);
            boolean inOrder = i == 0
                    ? run.index() == firstIndex
                    : run.index() > terms.get(i - 1).index()
                            && run.term() > terms.get(i - 1).term();
            if (!inOrder || run.index() > lastIndex || run.term() < 1) {
                throw new IllegalArgumentException("term runs out of order: " + terms);
            }
        }
    }
}
