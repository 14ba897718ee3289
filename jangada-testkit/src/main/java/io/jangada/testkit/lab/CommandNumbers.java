package io.jangada.testkit.lab;

import io.jangada.api.spi.Storage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.LogBase;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Counts the commands in a log: entry 17 may be the 12th command, since leaders begin their terms with an entry of their own. The labs know commands only.
 *
 * <p>Sees the log as it is written, in between the node and its storage. What lies before the log is known from the snapshot that the service was restored from, once that
 * has happened. Any thread.
 */
final class CommandNumbers implements Storage {
    /** {@code commands} is counted from some moment on, the same for all slots. */
    private record Slot(long term, long commands) {}

    private record Waiting(LogPosition position, CompletableFuture<Optional<Long>> number) {}

    private static final int READ_BYTES = 1 << 30;

    private final Storage log;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private long baseIndex;
    private long baseCommands;
    private long anchorIndex;
    private long anchorCount;

    CommandNumbers(Storage log) throws IOException {
        this.log = log;
        LogState state = log.recovered();
        baseIndex = state.firstIndex() - 1;
        if (state.lastIndex() > baseIndex) {
            log.read(state.firstIndex(), state.lastIndex(), READ_BYTES).forEach(this::append);
        }
    }

    private void append(Entry entry) {
        long before = commandsUpTo(baseIndex + slots.size());
        slots.add(new Slot(entry.term(), before + (entry.type() == EntryType.COMMAND ? 1 : 0)));
    }

    /** The service is known to have got so many commands up to this entry. */
    synchronized void anchor(long index, long commands) {
        if (index > anchorIndex) {
            anchorIndex = index;
            anchorCount = commands;
            answerWaiting();
        }
    }

    /** The number of the command at this position, as soon as it is known; empty if the node ends before. */
    synchronized CompletableFuture<Optional<Long>> of(LogPosition position) {
        CompletableFuture<Optional<Long>> number = new CompletableFuture<>();
        waiting.add(new Waiting(position, number));
        answerWaiting();
        return number;
    }

    private void answerWaiting() {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            if (isKnown(next.position())) {
                all.remove();
                next.number().complete(Optional.of(number(next.position().index())));
            }
        }
    }

    private boolean isKnown(LogPosition position) {
        long at = position.index() - baseIndex - 1;
        int last = slots.size() - 1;
        return anchorIndex >= baseIndex
                && anchorIndex <= baseIndex + slots.size()
                && at >= 0
                && last >= 0
                && slots.get((int) Math.min(at, last)).term() == position.term();
    }

    private long number(long index) {
        return anchorCount + commandsUpTo(index) - commandsUpTo(anchorIndex);
    }

    private long commandsUpTo(long index) {
        long last = baseIndex + slots.size();
        if (index > last) {
            // Not written yet; but a leader that has written an entry of its term appends nothing but commands after
            // it.
            return commandsUpTo(last) + index - last;
        }
        return index == baseIndex
                ? baseCommands
                : slots.get((int) (index - baseIndex - 1)).commands();
    }

    /** No more will be known. */
    synchronized void end() {
        waiting.forEach(one -> one.number().complete(Optional.empty()));
        waiting.clear();
    }

    @Override
    public LogState recovered() {
        return log.recovered();
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
        log.write(batch);
        synchronized (this) {
            LogBase base = batch.base();
            if (base != null) {
                rebase(base);
            }
            if (batch.truncates()) {
                long kept = Math.max(0, batch.truncateAfter() - baseIndex);
                slots.subList((int) Math.min(kept, slots.size()), slots.size()).clear();
            }
            batch.entries().forEach(this::append);
            answerWaiting();
        }
    }

    private void rebase(LogBase base) {
        long end = baseIndex + slots.size();
        if (base.reset() || base.index() >= end) {
            baseCommands = commandsUpTo(end);
            slots.clear();
        } else if (base.index() > baseIndex) {
            baseCommands = commandsUpTo(base.index());
            slots.subList(0, (int) (base.index() - baseIndex)).clear();
        }
        baseIndex = base.index();
    }

    @Override
    public void sync() throws IOException {
        log.sync();
    }

    @Override
    public List<Entry> read(long fromIndex, long toIndex, int maxBytes) throws IOException {
        return log.read(fromIndex, toIndex, maxBytes);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
