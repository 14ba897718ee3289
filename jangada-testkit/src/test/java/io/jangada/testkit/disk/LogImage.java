package io.jangada.testkit.disk;

import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All that a log holds at one moment: what the oracle computes and what a reopened log is compared with. */
record LogImage(HardState hardState, List<Entry> entries) {
    static final LogImage EMPTY = new LogImage(HardState.INITIAL, List.of());

    LogImage {
        entries = List.copyOf(entries);
    }

    long lastIndex() {
        return entries.size();
    }

    long lastTerm() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).term();
    }

    /** The states through which this batch may take a log, the final one last: what follows the cut may arrive in pieces. */
    List<LogImage> after(WriteBatch batch) {
        HardState newState = batch.hardState();
        HardState state = newState != null ? newState : hardState;
        List<Entry> log =
                new ArrayList<>(batch.truncates() ? entries.subList(0, (int) batch.truncateAfter()) : entries);
        List<LogImage> states = new ArrayList<>();
        states.add(new LogImage(state, log));
        for (Entry entry : batch.entries()) {
            log.add(entry);
            states.add(new LogImage(state, log));
        }
        return states;
    }

    /** What this log holds, read in pieces of changing size; checks its summary as well. */
    static LogImage of(SegmentedLog log) throws IOException {
        long last = log.recovered().lastIndex();
        List<Entry> entries = new ArrayList<>();
        int maxBytes = 0;
        while (entries.size() < last) {
            List<Entry> some = log.read(entries.size() + 1, last, maxBytes);
            if (some.isEmpty() || some.get(0).index() != entries.size() + 1) {
                throw new AssertionError("asked for entry " + (entries.size() + 1) + ", got " + some);
            }
            entries.addAll(some);
            maxBytes = maxBytes * 3 + 100;
        }
        return new LogImage(log.recovered().hardState(), entries);
    }
}
