package io.jangada.node;

import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.TermStart;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A log in memory that can be told to fail. */
final class MemoryStorage implements Storage {
    private final List<Entry> entries = new ArrayList<>();
    private HardState hardState = HardState.INITIAL;
    boolean failSync;
    int syncs;

    @Override
    public synchronized LogState recovered() {
        List<TermStart> terms = new ArrayList<>();
        for (Entry entry : entries) {
            if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
                terms.add(new TermStart(entry.index(), entry.term()));
            }
        }
        return new LogState(hardState, 1, entries.size(), terms);
    }

    @Override
    public synchronized void write(WriteBatch batch) {
        HardState state = batch.hardState();
        if (state != null) {
            hardState = state;
        }
        if (batch.truncates()) {
            entries.subList((int) batch.truncateAfter(), entries.size()).clear();
        }
        entries.addAll(batch.entries());
    }

    @Override
    public synchronized void sync() throws IOException {
        if (failSync) {
            throw new IOException("the disk is gone");
        }
        syncs++;
    }

    @Override
    public synchronized List<Entry> read(long fromIndex, long toIndex, int maxBytes) {
        return fromIndex > entries.size()
                ? List.of()
                : List.copyOf(entries.subList((int) fromIndex - 1, (int) Math.min(toIndex, entries.size())));
    }

    @Override
    public void close() {}
}
