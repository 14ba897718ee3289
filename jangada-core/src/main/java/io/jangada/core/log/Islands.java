package io.jangada.core.log;

import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.SnapshotMeta;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch.SalvageFate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The intact entries behind the gaps of a damaged log, in order: not part of the log until what lies before them is there. */
final class Islands {

    /** What the disk is told when a snapshot takes the place of the beginning: null if its log begins there already. */
    record Move(@Nullable LogBase base, SalvageFate fate) {}

    private final Deque<Salvage> parts;
    /** Whether the disk takes the first part for its log, or has an empty one in its place: the snapshot before it is gone, and only another one can lead up to it. */
    private boolean adrift;

    private Islands(Deque<Salvage> parts, boolean adrift) {
        this.parts = parts;
        this.adrift = adrift;
    }

    static Islands of(LogState log) {
        return new Islands(new ArrayDeque<>(log.salvage()), false);
    }

    /** What is left if the snapshot before the log is gone: the log itself is an island. One that has not even that is not worth the trouble. */
    static Islands adrift(LogState log) {
        Deque<Salvage> parts = new ArrayDeque<>();
        if (log.lastIndex() >= log.firstIndex()) {
            parts.add(new Salvage(log.firstIndex(), log.lastIndex(), log.terms(), log.memberships()));
            parts.addAll(log.salvage());
        }
        return new Islands(parts, true);
    }

    boolean areAdrift() {
        return adrift;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    @Nullable
    Salvage first() {
        return parts.peekFirst();
    }

    List<Salvage> all() {
        return List.copyOf(parts);
    }

    /** The last position of all, or that of index 0. */
    LogPosition last() {
        Salvage last = parts.peekLast();
        return last == null ? new LogPosition(0, 0) : last.last();
    }

    /** The part that has this entry, or null. */
    @Nullable
    Salvage with(long index) {
        for (Salvage part : parts) {
            if (part.firstIndex() <= index && index <= part.lastIndex()) {
                return part;
            }
        }
        return null;
    }

    /** The last entry here, at most the one at this place, that has the same term; 0 if there is none. */
    long lastSharedWith(LogPosition entry) {
        long shared = 0;
        for (Salvage part : parts) {
            long end = part.lastIndex();
            for (int i = part.terms().size() - 1; i >= 0; i--) {
                TermStart run = part.terms().get(i);
                if (run.term() == entry.term() && run.index() <= entry.index()) {
                    shared = Math.min(end, entry.index());
                }
                end = run.index() - 1;
            }
        }
        return shared;
    }

    static long termAt(Salvage part, long index) {
        long term = 0;
        for (TermStart run : part.terms()) {
            if (run.index() <= index) {
                term = run.term();
            }
        }
        return term;
    }

    /** The gap before the first part is filled. */
    Salvage adopt() {
        adrift = false;
        return parts.removeFirst();
    }

    void drop() {
        parts.clear();
        adrift = false;
    }

    /**
     * A snapshot that the log lacks takes the place of everything before: what of this continues it stays, the rest is forgotten. Says how the disk gets there; afterwards the first part may begin
     * right behind the snapshot.
     *
     * <p>In a gap it cannot be seen whether what follows is of the same history. If it is not, the snapshot came from a leader of a later term, so no leader will ever have what follows here,
     * no vote can be won with it, and the first append cuts it.
     */
    Move moveBehind(SnapshotMeta snapshot) {
        Salvage before = parts.peekFirst();
        if (before == null || !continues(snapshot)) {
            SalvageFate fate = before == null && !adrift ? SalvageFate.KEEP : SalvageFate.DROP;
            drop();
            return new Move(new LogBase(snapshot.index(), snapshot.term(), true), fate);
        }
        boolean known = !adrift || before.firstIndex() <= snapshot.index();
        forgetTo(snapshot.index());
        LogBase base = known ? new LogBase(snapshot.index(), snapshot.term(), false) : null;
        boolean joins = parts.getFirst().firstIndex() == snapshot.index() + 1;
        return new Move(base, joins && !adrift ? SalvageFate.ADOPT : SalvageFate.KEEP);
    }

    /** Whether what lies behind this snapshot can be the continuation of it, at least in part. */
    private boolean continues(SnapshotMeta snapshot) {
        if (parts.isEmpty() || last().index() <= snapshot.index()) {
            return false;
        }
        Salvage around = with(snapshot.index());
        if (around != null) {
            return termAt(around, snapshot.index()) == snapshot.term();
        }
        // In a gap: terms only rise along a log.
        for (Salvage part : parts) {
            if (part.firstIndex() > snapshot.index()) {
                return part.first().term() >= snapshot.term();
            }
        }
        return false;
    }

    private void forgetTo(long index) {
        while (!parts.isEmpty() && parts.getFirst().lastIndex() <= index) {
            parts.removeFirst();
            adrift = false;
        }
        Salvage first = parts.peekFirst();
        if (first != null && first.firstIndex() <= index) {
            parts.removeFirst();
            parts.addFirst(behind(first, index));
        }
    }

    private static Salvage behind(Salvage part, long index) {
        long from = index + 1;
        List<TermStart> terms = new ArrayList<>();
        terms.add(new TermStart(from, termAt(part, from)));
        for (TermStart run : part.terms()) {
            if (run.index() > from) {
                terms.add(run);
            }
        }
        List<MembershipAt> memberships = new ArrayList<>(part.memberships());
        memberships.removeIf(at -> at.index() < from);
        return new Salvage(from, part.lastIndex(), terms, memberships);
    }
}
