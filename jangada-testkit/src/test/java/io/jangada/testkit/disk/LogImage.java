package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a log holds at one moment: what the oracle computes and what a reopened log is compared with. */
record LogImage(
        HardState hardState,
        long baseIndex,
        long baseTerm,
        List<Entry> entries,
        Promised promised,
        List<Salvage> salvage) {
    static final LogImage EMPTY = new LogImage(HardState.INITIAL, 0, 0, List.of(), Promised.NOTHING, List.of());

    LogImage {
        entries = List.copyOf(entries);
        salvage = List.copyOf(salvage);
    }

    LogImage with(HardState newState, List<Entry> newEntries) {
        return new LogImage(newState, baseIndex, baseTerm, newEntries, Promised.NOTHING, List.of());
    }

    long lastIndex() {
        return baseIndex + entries.size();
    }

    long lastTerm() {
        return entries.isEmpty() ? baseTerm : entries.get(entries.size() - 1).term();
    }

    /** The states through which this batch may take a log, the final one last: what follows the cut may arrive in pieces. */
    List<LogImage> after(WriteBatch batch) {
        HardState newState = batch.hardState();
        HardState state = newState != null ? newState : hardState;
        LogImage based = behind(batch.base());
        List<Entry> log = new ArrayList<>(
                batch.truncates()
                        ? based.entries.subList(0, (int) (batch.truncateAfter() - based.baseIndex))
                        : based.entries);
        List<LogImage> states = new ArrayList<>();
        states.add(based.with(state, log));
        for (Entry entry : batch.entries()) {
            log.add(entry);
            states.add(based.with(state, log));
        }
        return states;
    }

    private LogImage behind(@Nullable LogBase base) {
        if (base == null) {
            return this;
        }
        List<Entry> kept = base.reset() ? List.of() : entries.subList((int) (base.index() - baseIndex), entries.size());
        return new LogImage(hardState, base.index(), base.term(), kept, Promised.NOTHING, List.of());
    }

    /** What this log holds, read in pieces of changing size; checks its summary as well. */
    static LogImage of(SegmentedLog log) throws IOException {
        LogState summary = log.recovered();
        long last = summary.lastIndex();
        long before = summary.firstIndex() - 1;
        List<Entry> entries = new ArrayList<>();
        int maxBytes = 0;
        while (before + entries.size() < last) {
            long next = before + entries.size() + 1;
            List<Entry> some = log.read(next, last, maxBytes);
            if (some.isEmpty() || some.get(0).index() != next) {
                throw new AssertionError("asked for entry " + next + ", got " + some);
            }
            entries.addAll(some);
            maxBytes = maxBytes * 3 + 100;
        }
        assertThat(log.read(before, last, 100)).as("behind the base").isEmpty();
        LogImage image = new LogImage(
                summary.hardState(), before, summary.prevTerm(), entries, summary.promised(), summary.salvage());
        assertThat(summary).isEqualTo(image.summary());
        for (Salvage part : summary.salvage()) {
            requireReadable(log, part);
        }
        return image;
    }

    private static void requireReadable(SegmentedLog log, Salvage part) throws IOException {
        assertThat(log.read(part.firstIndex() - 1, part.lastIndex(), 100))
                .as("in the gap")
                .isEmpty();
        List<Entry> entries = log.read(part.firstIndex(), Long.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(entries).hasSize((int) (part.lastIndex() - part.firstIndex() + 1));
        assertThat(part)
                .isEqualTo(new Salvage(part.firstIndex(), part.lastIndex(), terms(entries), memberships(entries)));
    }

    /** What is intact behind gaps, as the log gives it. */
    static List<Entry> salvaged(SegmentedLog log) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Salvage part : log.recovered().salvage()) {
            entries.addAll(log.read(part.firstIndex(), part.lastIndex(), Integer.MAX_VALUE));
        }
        return entries;
    }

    private LogState summary() {
        return new LogState(
                hardState,
                baseIndex + 1,
                lastIndex(),
                baseTerm,
                terms(entries),
                memberships(entries),
                promised,
                salvage);
    }

    private static List<TermStart> terms(List<Entry> entries) {
        List<TermStart> terms = new ArrayList<>();
        for (Entry entry : entries) {
            if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
                terms.add(new TermStart(entry.index(), entry.term()));
            }
        }
        return terms;
    }

    private static List<MembershipAt> memberships(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.type() == EntryType.MEMBERSHIP)
                .map(entry -> new MembershipAt(entry.index(), MembershipCodec.decode(entry.payload())))
                .toList();
    }
}
