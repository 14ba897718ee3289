package io.jangada.core;

import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What damage has done to a log that is a list of entries: what is intact behind gaps, and what the disk knows of what was there.
 *
 * <p>Like a real disk it knows a promise by the marks of what is lost only until those are overwritten; after that by what it was told to remember.
 */
public final class Losses {
    private static final LogPosition NOWHERE = new LogPosition(0, 0);

    private final TreeMap<Long, Entry> behindGaps = new TreeMap<>();
    private Promised byMarks = Promised.NOTHING;
    private Promised told = Promised.NOTHING;
    /** What this disk does not do as it should. */
    DamageRun.Planted planted = DamageRun.Planted.NOTHING;

    public void copyFrom(Losses other) {
        behindGaps.clear();
        behindGaps.putAll(other.behindGaps);
        byMarks = other.byMarks;
        told = other.told;
    }

    /** These entries cannot be read any more; what is intact behind the first of them is cut off the log. {@code doubtful}: nobody can tell whether they were ever complete. */
    public void lose(List<Entry> log, Set<Long> lost, boolean doubtful) {
        LogPosition last = lastOf(log);
        List<Entry> intact = new ArrayList<>();
        boolean whole = true;
        for (Entry entry : log) {
            whole &= !lost.contains(entry.index());
            if (whole) {
                intact.add(entry);
            } else {
                behindGaps.put(entry.index(), entry);
            }
        }
        if (!behindGaps.isEmpty()) {
            LogPosition end = positionOf(behindGaps.lastEntry().getValue());
            last = end.isAfter(last) ? end : last;
        }
        lost.forEach(behindGaps::remove);
        log.clear();
        log.addAll(intact);
        mark(new Promised(doubtful ? NOWHERE : last, last));
    }

    /** A write was under way that would have brought the log up to here. */
    public void tear(LogPosition end) {
        mark(new Promised(NOWHERE, end));
    }

    private void mark(Promised more) {
        byMarks = both(byMarks, more);
    }

    private static Promised both(Promised a, Promised b) {
        return new Promised(later(a.certain(), b.certain()), later(a.possible(), b.possible()));
    }

    private static LogPosition later(LogPosition a, LogPosition b) {
        return a.isAfter(b) ? a : b;
    }

    private static LogPosition positionOf(Entry entry) {
        return new LogPosition(entry.index(), entry.term());
    }

    private static LogPosition lastOf(List<Entry> log) {
        return log.isEmpty() ? NOWHERE : positionOf(log.get(log.size() - 1));
    }

    /** The log begins behind this base now. */
    public void begin(LogBase base) {
        if (base.reset()) {
            byMarks = Promised.NOTHING;
        } else {
            behindGaps.headMap(base.index(), true).clear();
        }
    }

    /** The log was cut. */
    public void cut() {
        byMarks = Promised.NOTHING;
    }

    /** The end of a batch whose entries are in the log already. */
    public void end(WriteBatch write, List<Entry> log, long lastIndex) {
        Promised promised = write.promised();
        if (promised != null && planted != DamageRun.Planted.STORES_NO_PROMISE) {
            told = promised;
            byMarks = promised.isNothing() ? promised : byMarks;
        }
        switch (write.salvage()) {
            case KEEP -> {
                if (!behindGaps.isEmpty() && behindGaps.firstKey() <= lastIndex + 1) {
                    throw new AssertionError(write + " fills a gap and does not adopt what is behind it");
                }
            }
            case DROP -> {
                behindGaps.clear();
                byMarks = Promised.NOTHING;
            }
            case ADOPT -> adopt(write, log, lastIndex);
        }
    }

    private void adopt(WriteBatch write, List<Entry> log, long lastIndex) {
        long next = lastIndex + 1;
        if (behindGaps.isEmpty() || behindGaps.firstKey() != next) {
            throw new AssertionError(write + " adopts what does not follow " + lastIndex);
        }
        for (Entry entry = behindGaps.remove(next); entry != null; entry = behindGaps.remove(++next)) {
            log.add(entry);
        }
    }

    public boolean isNothing() {
        return behindGaps.isEmpty() && promised().isNothing();
    }

    public Promised promised() {
        return switch (planted) {
            case FORGETS_PROMISES -> Promised.NOTHING;
            case CERTAIN_IS_DOUBTFUL ->
                new Promised(NOWHERE, both(byMarks, told).possible());
            default -> both(byMarks, told);
        };
    }

    List<Entry> all() {
        return List.copyOf(behindGaps.values());
    }

    public boolean has(long index) {
        return behindGaps.containsKey(index);
    }

    /** An entry from behind a gap. */
    public Entry at(long index) {
        Entry entry = behindGaps.get(index);
        if (entry == null) {
            throw new AssertionError("no entry " + index + " behind a gap");
        }
        return entry;
    }

    public List<Salvage> salvage() {
        List<Salvage> parts = new ArrayList<>();
        if (planted == DamageRun.Planted.FORGETS_PROMISES || planted == DamageRun.Planted.CERTAIN_IS_DOUBTFUL) {
            behindGaps.clear();
        }
        List<Entry> part = new ArrayList<>();
        for (Entry entry : behindGaps.values()) {
            if (!part.isEmpty() && part.get(part.size() - 1).index() + 1 != entry.index()) {
                parts.add(partOf(part));
                part.clear();
            }
            part.add(entry);
        }
        if (!part.isEmpty()) {
            parts.add(partOf(part));
        }
        return parts;
    }

    private static Salvage partOf(List<Entry> entries) {
        List<TermStart> terms = new ArrayList<>();
        List<MembershipAt> memberships = new ArrayList<>();
        for (Entry entry : entries) {
            if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
                terms.add(new TermStart(entry.index(), entry.term()));
            }
            if (entry.type() == EntryType.MEMBERSHIP) {
                memberships.add(new MembershipAt(entry.index(), MembershipCodec.decode(entry.payload())));
            }
        }
        return new Salvage(
                entries.get(0).index(), entries.get(entries.size() - 1).index(), terms, memberships);
    }
}
