package io.jangada.kv.mvcc;

import io.jangada.kv.engine.Batch;
import io.jangada.kv.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The present view of the store, shared by all readers and replaced after each batch; so a reader pays no snapshot of its own and sees data
 * and revision of the same moment. Any thread.
 */
public final class Views {
    private final Engine engine;
    /** Guards changes of {@code present} together with the write they belong to, and {@code open}. */
    private final Object lock = new Object();

    private volatile @Nullable View present;
    private int open;
    private @Nullable Runnable whenFree;

    /** Reads where the store stands, after checking that its format is known. An empty engine gets its first records. */
    public Views(Engine engine) {
        this.engine = engine;
        Meta meta = Meta.load(engine);
        if (meta.equals(Meta.EMPTY)) {
            Batch first = new Batch();
            first.put(Keys.FORMAT, Meta.encodeFormat());
            first.put(Keys.META, meta.encode());
            engine.write(first);
        }
        synchronized (lock) {
            present = newView(meta);
        }
    }

    /** The present view, held for the caller, who closes it soon; null when these views admit no reader any more. */
    public @Nullable View acquire() {
        while (true) {
            View view = present;
            if (view == null || view.hold()) {
                return view;
            }
        }
    }

    /** Writes the commands and shows them, as far as {@code appliedIndex}, to readers. */
    public void commit(ApplyBatch commands, long appliedIndex) {
        write(commands.finish(appliedIndex), commands.meta());
    }

    /** Writes a new applied index, with nothing else changed. */
    public void commitIndex(long appliedIndex) {
        View view = acquire();
        if (view == null) {
            throw new IllegalStateException("the key-value store in " + engine.place() + " is closed");
        }
        try (view) {
            Meta meta = view.meta().applied(appliedIndex);
            Batch batch = new Batch();
            batch.put(Keys.META, meta.encode());
            write(batch, meta);
        }
    }

    private void write(Batch batch, Meta meta) {
        synchronized (lock) {
            engine.write(batch);
            replace(meta);
        }
    }

    /** Takes a new view of the same state, so that what was removed behind the readers' backs can be given back. */
    void refresh() {
        synchronized (lock) {
            View view = present;
            if (view != null) {
                replace(view.meta());
            }
        }
    }

    private void replace(Meta meta) {
        View old = present;
        present = newView(meta);
        if (old != null) {
            old.close();
        }
    }

    private View newView(Meta meta) {
        View view = new View(engine.snapshot(), meta, this::closedOne);
        open++;
        return view;
    }

    private void closedOne() {
        Runnable action = null;
        synchronized (lock) {
            open--;
            lock.notifyAll();
            if (open == 0) {
                action = whenFree;
                whenFree = null;
            }
        }
        if (action != null) {
            action.run();
        }
    }

    /** Admits no reader any more and runs the action when the last one has gone: at once, or on that reader's thread. */
    public void retire(Runnable action) {
        View last;
        synchronized (lock) {
            last = present;
            present = null;
            whenFree = action;
        }
        if (last != null) {
            last.close();
        }
    }

    /** Admits no reader any more and waits until the last has gone. */
    public void close() {
        boolean interrupted = false;
        synchronized (lock) {
            View last = present;
            present = null;
            if (last != null) {
                last.close();
            }
            while (open > 0) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    // Closing the engine under a reader would crash the process, so the wait goes on.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
