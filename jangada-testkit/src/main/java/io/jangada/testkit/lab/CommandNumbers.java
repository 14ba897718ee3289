package io.jangada.testkit.lab;

import io.jangada.api.StorageSpace;
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
 * has happened. Any thread; whoever waits for a number gets it without a lock.
 */
final class CommandNumbers implements Storage {
    /** {@code commands} is counted from some moment on, the same for all slots. */
    private record Slot(long term, long commands) {}

    private record Waiting(LogPosition position, CompletableFuture<Optional<Long>> number) {}

    /** Given without the lock: whoever gets it may do anything. */
    private record Answer(CompletableFuture<Optional<Long>> number, Optional<Long> found) {
        void give() {
            number.complete(found);
        }
    }

    private static final int READ_BYTES = 1 << 30;

    private final Storage log;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private boolean ended;
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
        long before = commandsUpTo(lastIndex());
        slots.add(new Slot(entry.term(), before + (entry.type() == EntryType.COMMAND ? 1 : 0)));
    }

    /** The service is known to have got so many commands up to this entry. */
    void anchor(long index, long commands) {
        synchronized (this) {
            if (index <= anchorIndex) {
                return;
            }
            anchorIndex = index;
            anchorCount = commands;
            findAnswers();
        }
        giveAnswers();
    }

    /** The number of the command at this position, as soon as it is known; empty if the node ends, or the entry is taken out of the log, before. */
    CompletableFuture<Optional<Long>> of(LogPosition position) {
        CompletableFuture<Optional<Long>> number = new CompletableFuture<>();
        synchronized (this) {
            if (ended) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            waiting.add(new Waiting(position, number));
            findAnswers();
        }
        giveAnswers();
        return number;
    }

    private void findAnswers() {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            if (isAnchored() && (isWritten(next.position()) || isSureToCome(next.position()))) {
                all.remove();
                answers.add(new Answer(
                        next.number(), Optional.of(number(next.position().index()))));
            }
        }
    }

    /** Entries from here to there leave the log: who waits for one of them waits for nothing. */
    private void giveUp(long fromIndex, long toIndex) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            long index = next.position().index();
            if (index >= fromIndex && index <= toIndex && isWritten(next.position())) {
                all.remove();
                answers.add(new Answer(next.number(), Optional.empty()));
            }
        }
    }

    private void giveAnswers() {
        List<Answer> found;
        synchronized (this) {
            found = List.copyOf(answers);
            answers.clear();
        }
        found.forEach(Answer::give);
    }

    /** Whether the numbers of the commands in the log are known. */
    private boolean isAnchored() {
        return anchorIndex >= baseIndex && anchorIndex <= lastIndex();
    }

    private long lastIndex() {
        return baseIndex + slots.size();
    }

    private boolean isWritten(LogPosition position) {
        long at = position.index() - baseIndex - 1;
        return at >= 0 && at < slots.size() && slots.get((int) at).term() == position.term();
    }

    /** A leader appends nothing but commands after the entry with which its term begins, so their numbers are known before they are written. */
    private boolean isSureToCome(LogPosition position) {
        return !slots.isEmpty()
                && position.index() > lastIndex()
                && slots.get(slots.size() - 1).term() == position.term();
    }

    private long number(long index) {
        long written = Math.min(index, lastIndex());
        return anchorCount + commandsUpTo(written) - commandsUpTo(anchorIndex) + (index - written);
    }

    private long commandsUpTo(long index) {
        return index == baseIndex
                ? baseCommands
                : slots.get((int) (index - baseIndex - 1)).commands();
    }

    /** No more will be known. */
    void end() {
        synchronized (this) {
            ended = true;
            waiting.forEach(one -> answers.add(new Answer(one.number(), Optional.empty())));
            waiting.clear();
        }
        giveAnswers();
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
                giveUp(batch.truncateAfter() + 1, lastIndex());
                long kept = Math.max(0, batch.truncateAfter() - baseIndex);
                slots.subList((int) Math.min(kept, slots.size()), slots.size()).clear();
            }
            batch.entries().forEach(this::append);
            findAnswers();
        }
        giveAnswers();
    }

    private void rebase(LogBase base) {
        long end = lastIndex();
        if (base.reset() || base.index() > end) {
            giveUp(baseIndex + 1, end);
            baseCommands = commandsUpTo(end);
            slots.clear();
        } else if (base.index() > baseIndex) {
            if (isAnchored() && anchorIndex < base.index()) {
                // A snapshot may go beyond the last command, to an entry that is none.
                anchorCount = number(base.index());
                anchorIndex = base.index();
            }
            giveUp(baseIndex + 1, base.index());
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
    public StorageSpace space() {
        return log.space();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
