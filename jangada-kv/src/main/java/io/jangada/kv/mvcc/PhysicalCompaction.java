package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Batch;
import io.jangada.kv.engine.Cursor;
import io.jangada.kv.engine.Engine;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The removal of what no permitted read can see: every change before the compact revision, with the version that it replaced.
 *
 * <p>Goes in bounded steps on an executor, beside readers and applying, and changes no answer. It needs no record of its progress: what is still
 * there is what is left to do, so it simply goes on after a restart.
 */
public final class PhysicalCompaction {
    private static final int EVENTS_PER_STEP = 1_000;
    /** From so many removed changes on, the engine is asked to give space back at once. */
    private static final long RECLAIM_FROM_EVENTS = 10_000;

    private final Engine engine;
    private final Views views;
    private final Executor executor;
    private final NavigableMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
    private long target;
    private long done;
    private boolean scheduled;
    private boolean running;
    private boolean stopped;
    private @Nullable Throwable failure;

    public PhysicalCompaction(Engine engine, Views views, Executor executor) {
        this.engine = engine;
        this.views = views;
        this.executor = executor;
    }

    /** Removes all changes before this revision, which is the compact revision of the present view, some time soon. */
    public void removeBefore(long revision) {
        synchronized (this) {
            target = Math.max(target, revision);
            if (scheduled || stopped || failure != null || done >= target) {
                return;
            }
            scheduled = true;
        }
        executor.execute(this::run);
    }

    /** Ends when all changes before this revision have been removed; exceptionally if that fails or the store is closed first. */
    public synchronized CompletableFuture<Void> removedBefore(long revision) {
        if (done >= revision) {
            return CompletableFuture.completedFuture(null);
        }
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (stopped) {
            return CompletableFuture.failedFuture(closed());
        }
        return waiting.computeIfAbsent(revision, r -> new CompletableFuture<>()).copy();
    }

    /** Throws what stopped the removal: a disk that failed there cannot be trusted elsewhere. */
    public synchronized void throwIfFailed() {
        if (failure != null) {
            throw new IllegalStateException("removing compacted changes failed: " + failure.getMessage(), failure);
        }
    }

    /** Ends the removal after the step under way and waits for that. */
    public void stop() {
        boolean interrupted = false;
        synchronized (this) {
            stopped = true;
            while (running) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        finish(Long.MAX_VALUE, closed());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException(
                "the key-value store was closed, or its state replaced by a snapshot, before the"
                        + " compaction was finished; ask again");
    }

    private void run() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            running = true;
        }
        try {
            while (removeOnce()) {
                // Each round takes the newest target.
            }
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                failure = e;
                running = false;
                notifyAll();
            }
            finish(Long.MAX_VALUE, e);
        }
    }

    /** Removes all changes before the target; false when there is nothing more to do. */
    private boolean removeOnce() {
        long before;
        synchronized (this) {
            if (stopped || done >= target) {
                scheduled = false;
                running = false;
                notifyAll();
                return false;
            }
            before = target;
        }
        byte[] from = Keys.event(0, 0);
        byte[] to = Keys.event(Math.max(before, 0), 0);
        long removed = 0;
        int step;
        do {
            Batch batch = new Batch();
            byte[] last = from;
            step = 0;
            View view = views.acquire();
            if (view == null) {
                throw new IllegalStateException("compaction must be stopped before the views it reads");
            }
            try (view;
                    Cursor events = view.scan(from, to)) {
                while (step < EVENTS_PER_STEP && events.next()) {
                    last = events.key();
                    remove(last, Event.decode(events.value()), batch);
                    step++;
                }
            }
            if (step > 0) {
                engine.write(batch);
            }
            removed += step;
            // The next step starts just behind this one, not among the traces of what is deleted.
            from = Arrays.copyOf(last, last.length + 1);
        } while (step == EVENTS_PER_STEP && !isStopped());
        if (step == EVENTS_PER_STEP) {
            return true;
        }
        giveBack(removed, to);
        synchronized (this) {
            done = before;
        }
        finish(before, null);
        return true;
    }

    private static void remove(byte[] place, Event event, Batch batch) {
        batch.delete(place);
        if (event.replaced()) {
            batch.delete(Keys.history(event.key(), Keys.revisionOfEvent(place), Keys.subOfEvent(place)));
        }
    }

    private void giveBack(long removed, byte[] end) {
        if (removed > 0) {
            views.refresh();
        }
        if (removed >= RECLAIM_FROM_EVENTS) {
            engine.reclaim(Keys.event(0, 0), end);
            engine.reclaim(Keys.historyBegin(), Keys.historyEnd());
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Tells those who wait for this revision or an earlier one; outside the lock, because they may do anything. */
    private void finish(long revision, @Nullable Throwable error) {
        Map<Long, CompletableFuture<Void>> ready;
        synchronized (this) {
            NavigableMap<Long, CompletableFuture<Void>> head = waiting.headMap(revision, true);
            ready = new TreeMap<>(head);
            head.clear();
        }
        for (CompletableFuture<Void> future : ready.values()) {
            if (error == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(error);
            }
        }
    }
}
