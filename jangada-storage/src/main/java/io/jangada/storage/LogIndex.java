package io.jangada.storage;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each entry is: in which segment, or still in memory because its record has not been handed to the disk.
 *
 * <p>Written by the journal thread, read by any. The log begins behind its base, which is 0 for one that was never compacted. Behind it, if damage has left gaps,
 * are the <em>islands</em>: entries that are intact, in order, each island behind a gap.
 */
final class LogIndex {

    /**
     * Where to find an entry.
     *
     * @param generation changes whenever entries are taken away: answers of different generations belong to different logs
     * @param entries the entry and its successors, if they are in memory
     * @param segment the segment to read, 0 if the entries are in memory or there are none
     * @param position the offset to read from
     * @param lastIndex the last entry to be taken from what is read there
     */
    record Place(long generation, List<Entry> entries, long segment, long position, long lastIndex) {}

    private final Stretch log = new Stretch(0, 0);
    private final List<Stretch> islands = new ArrayList<>();
    private final UnwrittenEntries unwritten = new UnwrittenEntries();
    private long generation;

    synchronized long lastIndex() {
        return log.lastIndex();
    }

    /** The entry behind which the log begins. */
    synchronized long baseIndex() {
        return log.before();
    }

    /** The term of the last entry, that of the base if there is none. */
    synchronized long lastTerm() {
        return log.lastTerm();
    }

    /** The term of this entry of the log or of its base, 0 for any other. */
    synchronized long termOf(long index) {
        return log.termOf(index);
    }

    /** The term of this entry of the log, of its base or of an island, 0 for any other. */
    synchronized long termAnywhere(long index) {
        Stretch island = islandWith(index);
        return island != null ? island.termOf(index) : log.termOf(index);
    }

    /** The first segment with an entry of the log or an island; if there is none, the given one, in which the log will go on. */
    synchronized long firstSegment(long current) {
        long first = log.firstSegment(current);
        for (Stretch island : islands) {
            first = island.firstSegment(first);
        }
        return first;
    }

    synchronized List<TermStart> terms() {
        return List.copyOf(log.terms());
    }

    /** What the log is, without the islands. */
    synchronized LogSummary summary(HardState hardState, Cut cut) {
        return new LogSummary(
                log.lastIndex(),
                log.lastTerm(),
                log.runStart(),
                log.fingerprint(),
                hardState,
                log.before(),
                log.beforeTerm(),
                cut);
    }

    synchronized boolean hasIslands() {
        return !islands.isEmpty();
    }

    /** The last entry of the log once it begins behind this one, which may be in or before an island. */
    synchronized long lastIndexFrom(long base) {
        if (base <= log.lastIndex()) {
            return log.lastIndex();
        }
        Stretch island = joining(base);
        return island != null ? island.lastIndex() : base;
    }

    /** The first entry of the first island that is one still once the log begins behind this entry; the largest number if there is none. */
    synchronized long firstOfIslandsBehind(long base) {
        for (Stretch island : islands) {
            if (base <= log.lastIndex() || island.before() > base) {
                return island.firstIndex();
            }
        }
        return Long.MAX_VALUE;
    }

    /** Whether a log that begins behind this entry begins with an island. */
    synchronized boolean isJoinedBehind(long base) {
        return base > log.lastIndex() && joining(base) != null;
    }

    /** The island that goes on behind this entry. */
    private @Nullable Stretch joining(long base) {
        for (Stretch island : islands) {
            if (island.before() <= base && base < island.lastIndex()) {
                return island;
            }
        }
        return null;
    }

    /** Whether this entry is missing before an island. */
    synchronized boolean isInGap(long entry) {
        return entry > log.lastIndex()
                && islandWith(entry) == null
                && !islands.isEmpty()
                && entry < islands.get(islands.size() - 1).firstIndex();
    }

    /** The first entry of the first island, or the largest number if there is none. */
    synchronized long firstOfIslands() {
        return islands.isEmpty() ? Long.MAX_VALUE : islands.get(0).firstIndex();
    }

    /** The islands, for a look at them while nothing else is done with the index. */
    synchronized List<Stretch> islands() {
        return List.copyOf(islands);
    }

    /** The entries of the record at this place are the next ones of the log. */
    synchronized void append(long segment, long position, long term, int count) {
        log.append(segment, position, term, count);
        dropIslandsUpTo(log.lastIndex());
    }

    /** The entries of the record at this place, from this one on, are intact behind a gap; what was known at their places is forgotten, what is known behind them stays. */
    synchronized void appendBehindGap(long segment, long position, long firstIndex, long term, int count) {
        int at = makeRoom(firstIndex, firstIndex + count - 1);
        Stretch before = at == 0 ? null : islands.get(at - 1);
        if (before == null || before.lastIndex() != firstIndex - 1) {
            before = new Stretch(firstIndex - 1, 0);
            islands.add(at, before);
        }
        before.append(segment, position, term, count);
    }

    /** Takes these entries out of the islands, and returns how many islands are before them. */
    private int makeRoom(long first, long last) {
        int at = 0;
        while (at < islands.size() && islands.get(at).before() < last) {
            Stretch island = islands.get(at);
            if (island.lastIndex() > last) {
                islands.add(at + 1, island.copyAfter(last));
            }
            if (island.lastIndex() >= first) {
                island.truncate(Math.max(island.before(), first - 1));
                generation++;
            }
            if (island.isEmpty()) {
                islands.remove(at);
            } else {
                at++;
            }
        }
        return at;
    }

    /** As {@link #append}, for entries that are still in memory only; the list must not change. */
    synchronized void appendUnwritten(long segment, long position, List<Entry> entries) {
        append(segment, position, entries.get(0).term(), entries.size());
        unwritten.add(entries);
    }

    /** Everything has been handed to the disk. */
    synchronized void written() {
        unwritten.clear();
    }

    /** What follows lies behind a damaged place of its segment. */
    synchronized void interrupt() {
        log.interrupt();
        islands.forEach(Stretch::interrupt);
    }

    /** Forgets the entries after this index, those of islands too. */
    synchronized void truncate(long after) {
        if (after < log.lastIndex()) {
            unwritten.truncate(after);
        }
        truncateIslands(after);
        if (after <= log.lastIndex()) {
            log.truncate(after);
        }
        generation++;
    }

    private void truncateIslands(long after) {
        while (!islands.isEmpty() && islands.get(islands.size() - 1).before() >= after) {
            islands.remove(islands.size() - 1);
            generation++;
        }
        Stretch last = islands.isEmpty() ? null : islands.get(islands.size() - 1);
        if (last != null && last.lastIndex() > after) {
            last.truncate(after);
            generation++;
        }
    }

    /** Forgets the entries up to this one, of this term; those behind it stay as they are. An island right behind it, or that it is in, becomes the log. */
    synchronized void compact(long index, long term) {
        if (index <= log.lastIndex()) {
            log.compact(index, term);
            return;
        }
        log.reset(index, term);
        unwritten.clear();
        dropIslandsUpTo(index);
        if (firstOfIslands() == index + 1) {
            log.join(islands.remove(0));
        }
    }

    /** Takes out of the islands what is not behind this entry. */
    private void dropIslandsUpTo(long index) {
        while (!islands.isEmpty() && islands.get(0).lastIndex() <= index) {
            islands.remove(0);
        }
        if (!islands.isEmpty() && islands.get(0).before() < index) {
            islands.get(0).compact(index, islands.get(0).termOf(index));
        }
    }

    /** Forgets everything: the log is empty behind this entry, of this term. */
    synchronized void reset(long index, long term) {
        log.reset(index, term);
        islands.clear();
        unwritten.clear();
        generation++;
    }

    /** The first island is the log's continuation from now on. Everything must have been {@link #written}. */
    synchronized void adopt() {
        log.join(islands.remove(0));
    }

    /** Forgets what islands have behind this entry. */
    synchronized void dropIslandsAfter(long index) {
        truncateIslands(index);
    }

    /** Forgets the islands. */
    synchronized void dropIslands() {
        if (!islands.isEmpty()) {
            islands.clear();
            generation++;
        }
    }

    /** The log ends with this entry; what it has behind it is an island, the first one. */
    synchronized void endAt(long index) {
        if (index < log.before() || index >= log.lastIndex()) {
            return;
        }
        islands.add(0, log.copyAfter(index));
        log.truncate(index);
        generation++;
    }

    /** Whether the runs of terms that are known here, cut before the last run of that log, are those of that log. */
    synchronized boolean explains(LogSummary other) {
        long sum = LogSummary.mix(other.runStart(), other.lastTerm());
        long before = -1;
        for (TermStart run : allRuns()) {
            boolean goesOn = run.term() == before;
            if (run.index() < other.runStart() && !goesOn) {
                sum += LogSummary.mix(run.index(), run.term());
            }
            before = run.term();
        }
        return sum == other.fingerprint();
    }

    /** The last entry known here that a log with the same runs before its last one has too, or may have. */
    synchronized long endOfAgreement(LogSummary other) {
        if (termAnywhere(other.runStart()) != other.lastTerm()) {
            return other.runStart() - 1;
        }
        for (TermStart run : allRuns()) {
            if (run.index() > other.runStart() && run.term() != other.lastTerm()) {
                return Math.min(other.lastIndex(), run.index() - 1);
            }
        }
        return other.lastIndex();
    }

    private List<TermStart> allRuns() {
        List<TermStart> runs = new ArrayList<>(log.terms());
        islands.forEach(island -> runs.addAll(island.terms()));
        return runs;
    }

    /** The log goes up to this entry, so islands that touch before it are one: the second goes on where the first ends. */
    synchronized void joinUpTo(long end) {
        int at = 1;
        while (at < islands.size() && islands.get(at).firstIndex() <= end) {
            Stretch before = islands.get(at - 1);
            Stretch island = islands.get(at);
            if (island.before() == before.lastIndex() && island.termOf(island.firstIndex()) >= before.lastTerm()) {
                before.join(island);
                islands.remove(at);
            } else {
                at++;
            }
        }
    }

    /** Takes the first entry from an island right behind the log or another one, so that there is a gap before each: somebody has to say that the log goes on with it. */
    synchronized void separate() {
        long before = log.lastIndex();
        for (Stretch island : islands) {
            if (island.before() == before) {
                island.compact(island.firstIndex(), island.termOf(island.firstIndex()));
            }
            before = island.isEmpty() ? before : island.lastIndex();
        }
        islands.removeIf(Stretch::isEmpty);
    }

    /** Whether this entry, which was found there, has left the log since. */
    synchronized boolean hasLost(long index, Place place) {
        return generation != place.generation() || index <= log.before();
    }

    /** Where this entry is; at most so many entries that are in memory are returned. */
    synchronized Place find(long index, int maxEntries) {
        Stretch island = islandWith(index);
        if (island == null && !log.holds(index)) {
            return new Place(generation, List.of(), 0, 0, 0);
        }
        Stretch stretch = island != null ? island : log;
        long firstUnwritten = island != null ? Long.MAX_VALUE : log.lastIndex() - unwritten.count() + 1;
        if (index >= firstUnwritten) {
            return new Place(generation, unwritten.from(index, maxEntries), 0, 0, 0);
        }
        Extent extent = stretch.extentOf(index);
        long last = Math.min(extent.lastIndex(), firstUnwritten - 1);
        return new Place(generation, List.of(), extent.segment(), extent.positionBefore(index), last);
    }

    private @Nullable Stretch islandWith(long index) {
        for (Stretch island : islands) {
            if (island.holds(index)) {
                return island;
            }
        }
        return null;
    }
}
