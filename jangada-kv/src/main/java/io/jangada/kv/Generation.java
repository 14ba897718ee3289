package io.jangada.kv;

import io.jangada.kv.engine.Engine;
import io.jangada.kv.mvcc.PhysicalCompaction;
import io.jangada.kv.mvcc.View;
import io.jangada.kv.mvcc.Views;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One engine of a store, with what reads and tidies it; a restore puts the next one in its place. */
final class Generation {
    private final Engine engine;
    private final Views views;
    private final PhysicalCompaction compaction;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    Generation(Engine engine, Executor background) {
        this.engine = engine;
        this.views = new Views(engine);
        this.compaction = new PhysicalCompaction(engine, views, background);
    }

    Engine engine() {
        return engine;
    }

    Views views() {
        return views;
    }

    PhysicalCompaction compaction() {
        return compaction;
    }

    /** The present view, held for the caller; null when another generation has taken over or the store is closed. */
    @Nullable
    View acquire() {
        return views.acquire();
    }

    /** Writes that this index has been applied, if the engine does not know yet. */
    void catchUp(long appliedIndex) {
        View view = acquire();
        if (view == null) {
            return;
        }
        boolean behind;
        try (view) {
            behind = view.meta().appliedIndex() < appliedIndex;
        }
        if (behind) {
            views.commitIndex(appliedIndex);
        }
    }

    /** Admits no reader any more; those who read go on undisturbed, and with the last of them the engine is closed. */
    void retire() {
        views.retire(() -> {
            try {
                engine.close();
                gone.complete(null);
            } catch (RuntimeException e) {
                gone.completeExceptionally(e);
            }
        });
    }

    /** Ends when a retired generation is closed; with the failure of that, if it failed. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Waits for readers and closes the engine. */
    void close() {
        try {
            views.close();
        } finally {
            engine.close();
        }
    }
}
