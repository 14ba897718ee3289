package io.jangada.core.model;

import java.util.List;

/**
 * What a log holds, without its payloads but the memberships: enough to start the protocol on it.
 *
 * <p>{@code firstIndex} is the first entry that is still there (1 for a log that was never compacted); an empty log has
 * {@code lastIndex == firstIndex - 1}. {@code terms} has one element for each run of entries with the same term, in ascending
 * order, the first at {@code firstIndex}.
 *
 * @param prevTerm the term of the entry before the first one; 0 for a log that was never compacted
 * @param memberships the entries of type {@link EntryType#MEMBERSHIP}, in order
 * @param promised what the node may have acknowledged beyond {@code lastIndex}; {@link Promised#NOTHING} unless the disk was damaged
 * @param salvage what is intact behind gaps that damage has left, in order, each beginning behind a gap; empty unless the disk was damaged
 */
public record LogState(
        HardState hardState,
        long firstIndex,
        long lastIndex,
        long prevTerm,
        List<TermStart> terms,
        List<MembershipAt> memberships,
        Promised promised,
        List<Salvage> salvage) {
    /** The state of a new, empty log. */
    public static final LogState EMPTY = new LogState(HardState.INITIAL, 1, 0, List.of());

    public LogState {
        terms = List.copyOf(terms);
        memberships = List.copyOf(memberships);
        salvage = List.copyOf(salvage);
        if (firstIndex < 1 || lastIndex < firstIndex - 1) {
            throw new IllegalArgumentException("not a log: first index " + firstIndex + ", last index " + lastIndex);
        }
        if (prevTerm < 0 || (firstIndex == 1) != (prevTerm == 0)) {
            throw new IllegalArgumentException("entry " + (firstIndex - 1) + " cannot have term " + prevTerm);
        }
        if (terms.isEmpty() != (lastIndex < firstIndex)) {
            throw new IllegalArgumentException(
                    "terms " + terms + " do not describe entries " + firstIndex + ".." + lastIndex);
        }
        for (int i = 0; i < terms.size(); i++) {
            TermStart run = terms.get(i);
            boolean inOrder = i == 0
                    ? run.index() == firstIndex && run.term() >= prevTerm
                    : run.index() > terms.get(i - 1).index()
                            && run.term() > terms.get(i - 1).term();
            if (!inOrder || run.index() > lastIndex || run.term() < 1) {
                throw new IllegalArgumentException("term runs out of order: " + terms);
            }
        }
        long before = firstIndex - 1;
        for (MembershipAt at : memberships) {
            if (at.index() <= before || at.index() > lastIndex) {
                throw new IllegalArgumentException("memberships out of order: " + memberships);
            }
            before = at.index();
        }
        long end = lastIndex;
        for (Salvage part : salvage) {
            if (part.firstIndex() < end + 2) {
                throw new IllegalArgumentException("no gap before entry " + part.firstIndex() + ": " + salvage);
            }
            end = part.lastIndex();
        }
    }

    /** A log without damage. */
    public LogState(
            HardState hardState,
            long firstIndex,
            long lastIndex,
            long prevTerm,
            List<TermStart> terms,
            List<MembershipAt> memberships) {
        this(hardState, firstIndex, lastIndex, prevTerm, terms, memberships, Promised.NOTHING, List.of());
    }

    /** A log that was never compacted and holds no membership. */
    public LogState(HardState hardState, long firstIndex, long lastIndex, List<TermStart> terms) {
        this(hardState, firstIndex, lastIndex, 0, terms, List.of());
    }
}
