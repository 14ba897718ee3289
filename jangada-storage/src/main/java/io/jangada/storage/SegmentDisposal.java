package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Deletes segments that the log does not need any more, the oldest first, beside the journal thread: to delete a large file takes a while.
 *
 * <p>Used by the journal thread, after the base that makes a segment superfluous is durable. A crash may undo any of the deletions, or
 * all but the first: {@link Recovery} goes by the last unbroken run of segments, so it need not know how far we got.
 */
final class SegmentDisposal implements Closeable {
    private final Disk disk;
    private final Executor executor;
    private long oldest;
    private long firstKept;
    private @Nullable CompletableFuture<Void> running;

    SegmentDisposal(Disk disk, Executor executor, long oldest) {
        this.disk = disk;
        this.executor = executor;
        this.oldest = oldest;
        this.firstKept = oldest;
    }

    /** The segments before this one are not needed; {@link #proceed} deletes them. */
    void keepFrom(long number) {
        firstKept = Math.max(firstKept, number);
    }

    long firstKept() {
        return firstKept;
    }

    /** Goes on deleting, unless there is nothing to do or a deletion is under way. Throws if one has failed. */
    void proceed() throws IOException {
        CompletableFuture<Void> before = running;
        if (before != null && before.isDone()) {
            finish(before);
        }
        if (running == null && oldest < firstKept) {
            long from = oldest;
            long to = firstKept;
            oldest = to;
            CompletableFuture<Void> started = CompletableFuture.runAsync(() -> delete(from, to), executor);
            running = started;
            if (started.isDone()) {
                finish(started);
            }
        }
    }

    private void delete(long from, long to) {
        try {
            for (long number = from; number < to; number++) {
                disk.delete(FileNames.segment(number));
            }
            disk.sync();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void finish(CompletableFuture<Void> deletion) throws IOException {
        running = null;
        try {
            deletion.join();
        } catch (CompletionException e) {
            throw new IOException("segments that are not needed could not be deleted: " + e.getMessage(), e);
        }
    }

    /** Waits for a deletion that is under way. */
    @Override
    public void close() throws IOException {
        if (running != null) {
            finish(running);
        }
    }
}
