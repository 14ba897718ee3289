package io.jangada.core.model;

import java.util.List;

/**
 * Entries that are intact on a damaged disk behind a gap in the log: they are not part of the log as long as the gap is there, but they name what is missing before them, serve the
 * repair of other nodes, and are in force again once the gap is filled.
 *
 * <p>By the Log Matching Property (§5.3) whoever has the entry {@code firstIndex} with the same term has the same entries before it, so what a peer holds there fills the gap,
 * committed or not.
 *
 * @param firstIndex the first intact entry behind the gap
 * @param lastIndex the last one before the next gap or the end
 * @param terms one element for each run of entries with the same term, the first at {@code firstIndex}
 * @param memberships the entries of type {@link EntryType#MEMBERSHIP} among them, in order
 */
public record Salvage(long firstIndex, long lastIndex, List<TermStart> terms, List<MembershipAt> memberships) {
    public Salvage {
        terms = List.copyOf(terms);
        memberships = List.copyOf(memberships);
        if (firstIndex < 2 || lastIndex < firstIndex || terms.isEmpty()) {
            throw new IllegalArgumentException("no salvage: " + firstIndex + ".." + lastIndex + " with terms " + terms);
        }
        if (terms.get(0).index() != firstIndex || terms.get(terms.size() - 1).index() > lastIndex) {
            throw new IllegalArgumentException(
                    "terms " + terms + " do not describe entries " + firstIndex + ".." + lastIndex);
        }
    }

    /** What names the gap before: whoever has this entry has the missing ones, or had them. */
    public LogPosition first() {
        return new LogPosition(firstIndex, terms.get(0).term());
    }

    public LogPosition last() {
        return new LogPosition(lastIndex, terms.get(terms.size() - 1).term());
    }
}
