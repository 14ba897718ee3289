package io.jangada.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogState;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a log holds at one moment: what the oracle computes and what a reopened log is compared with. */
record LogImage(HardState hardState, long baseIndex, long baseTerm, List<Entry> entries) {
    static final LogImage EMPTY = new LogImage(HardState.INITIAL, 0, 0, List.of());

    LogImage {
        entries = List.copyOf(entries);
    }

    LogImage with(HardState newState, List<Entry> newEntries) {
        return new LogImage(newState, baseIndex, baseTerm, newEntries);
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
        return new LogImage(hardState, base.index(), base.term(), kept);
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
        LogImage image = new LogImage(summary.hardState(), before, summary.prevTerm(), entries);
        assertThat(summary).isEqualTo(image.summary(summary));
        return image;
    }

    private LogState summary(LogState damage) {
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
        return new LogState(
                hardState, baseIndex + 1, lastIndex(), baseTerm, terms, memberships, damage.promised(), damage.salvage());
    }
}
