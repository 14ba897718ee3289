package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes segments that the log does not need any more spare ones or deletes them, the oldest first, beside the journal thread: to delete a large file takes a while.
 *
 * <p>Used by the journal thread, after the base that makes a segment superfluous is durable. A crash may undo any of the deletions, or
 * all but the first: {@link Recovery} goes by the last unbroken run of segments, so it need not know how far we got.
 */
final class SegmentDisposal implements Closeable {
    private final Disk disk;
    private final Executor executor;
    private final SpareSegments spares;
    /** The segments that there are, but for the one that is being written. */
    private final TreeSet<Long> numbers;

    private boolean expecting;
    private long firstKept;
    private @Nullable CompletableFuture<Void> running;

    SegmentDisposal(Disk disk, Executor executor, SpareSegments spares, Collection<Long> numbers) {
        this.disk = disk;
        this.executor = executor;
        this.spares = spares;
        this.numbers = new TreeSet<>(numbers);
    }

    /** This segment is complete. */
    void add(long number) {
        numbers.add(number);
    }

    /** Segments may have become superfluous by what was appended last. */
    void expect() {
        expecting = true;
    }

    /** Whether nobody has said since {@link #expect} which are needed. */
    boolean isExpecting() {
        return expecting;
    }

    /** The segments before this one are not needed; {@link #proceed} disposes of them. */
    void keepFrom(long number) {
        expecting = false;
        firstKept = Math.max(firstKept, number);
    }

    long firstKept() {
        return firstKept;
    }

    /** Goes on, unless there is nothing to do or something is under way. Throws if that has failed. */
    void proceed() throws IOException {
        CompletableFuture<Void> before = running;
        if (before != null && before.isDone()) {
            finish(before);
        }
        if (running == null && !numbers.isEmpty() && numbers.first() < firstKept) {
            List<Long> superfluous = List.copyOf(numbers.headSet(firstKept));
            numbers.headSet(firstKept).clear();
            CompletableFuture<Void> started = CompletableFuture.runAsync(() -> dispose(superfluous), executor);
            running = started;
            if (started.isDone()) {
                finish(started);
            }
        }
    }

    private void dispose(List<Long> superfluous) {
        try {
            List<String> kept = new ArrayList<>();
            for (long number : superfluous) {
                String spare = spares.retire(number);
                if (spare != null) {
                    kept.add(spare);
                }
            }
            disk.sync();
            kept.forEach(spares::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void finish(CompletableFuture<Void> disposal) throws IOException {
        running = null;
        try {
            disposal.join();
        } catch (CompletionException e) {
            throw new IOException("segments that are not needed could not be put away: " + e.getMessage(), e);
        }
    }

    /** Waits for what is under way. */
    @Override
    public void close() throws IOException {
        if (running != null) {
            finish(running);
        }
    }
}
