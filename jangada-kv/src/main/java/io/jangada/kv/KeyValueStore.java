package io.jangada.kv;

import io.jangada.api.StateFile;
import io.jangada.api.StateMachine;
import io.jangada.api.StateSnapshot;
import io.jangada.kv.engine.Engine;
import io.jangada.kv.engine.EngineException;
import io.jangada.kv.engine.MemoryEngine;
import io.jangada.kv.engine.RocksEngine;
import io.jangada.kv.model.KvError;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.KvResponse;
import io.jangada.kv.model.RangeRequest;
import io.jangada.kv.model.TxnRequest;
import io.jangada.kv.mvcc.ApplyBatch;
import io.jangada.kv.mvcc.Meta;
import io.jangada.kv.mvcc.RangeRead;
import io.jangada.kv.mvcc.SnapshotReader;
import io.jangada.kv.mvcc.StateHash;
import io.jangada.kv.mvcc.Transaction;
import io.jangada.kv.mvcc.View;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The multi-version key-value store: a state machine whose commands are those of {@link KvCommands}, with the revision rules of etcd.
 *
 * <p>One thread, the node's, applies; any number of threads read at the same time and see each command as a whole or not at all, from the moment
 * when {@link #batchApplied} has returned. The commands between two calls of {@code batchApplied}, with the applied index, go to the
 * engine as one atomic batch. What is refused by the rules is answered with {@link KvResponse.Refused}, on every node alike. An exception from applying
 * means a failed disk or a bug and is final: close the store and open it again.
 */
public final class KeyValueStore implements StateMachine<KvResponse>, AutoCloseable {
    private final Executor background;
    private final Runnable stopExecutor;
    private volatile Generation generation;
    private CompletableFuture<Void> leaving = CompletableFuture.completedFuture(null);
    private volatile long lastApplied;
    private @Nullable View base;
    private @Nullable ApplyBatch batch;
    private boolean failed;
    private boolean closed;

    private KeyValueStore(Engine engine, Executor background, Runnable stopExecutor) {
        this.background = background;
        this.stopExecutor = stopExecutor;
        this.generation = new Generation(engine, background);
        try (View view = acquire()) {
            lastApplied = view.meta().appliedIndex();
        }
        generation.compaction().removeBefore(compactRevision());
    }

    /**
     * Opens the store that the engine holds, and closes the engine with it, also when this fails. Compacted versions are removed on the
     * thread that applies, so that nothing happens by chance: what a simulation needs.
     *
     * @throws EngineException if the engine holds something else, or a newer format
     */
    public static KeyValueStore open(Engine engine) {
        return open(engine, Runnable::run, () -> {});
    }

    /** Opens the store in this folder, which is made if it does not exist. The exception names the folder and what to do. */
    public static KeyValueStore onDisk(Path directory) throws IOException {
        Engine engine = RocksEngine.open(directory);
        BackgroundThread thread = new BackgroundThread("jangada-kv-compaction");
        try {
            return open(engine, thread, thread::close);
        } catch (EngineException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** A store that forgets everything with the process. */
    public static KeyValueStore inMemory() {
        return open(new MemoryEngine());
    }

    /** Opens the store with an executor of the caller's for removing compacted versions. */
    static KeyValueStore open(Engine engine, Executor background, Runnable stopExecutor) {
        try {
            return new KeyValueStore(engine, background, stopExecutor);
        } catch (RuntimeException e) {
            stopExecutor.run();
            engine.close();
            throw e;
        }
    }

    /** The last log index whose effects are here. Entries without commands may be asked for again after a restart, which does no harm. */
    @Override
    public long lastApplied() {
        return lastApplied;
    }

    @Override
    public KvResponse apply(long index, long term, byte[] command) {
        requireUsable();
        long before = batch == null ? lastApplied : batch.meta().appliedIndex();
        if (index <= before) {
            throw new IllegalStateException(
                    "entry " + index + " comes after entry " + before + ": it must not be applied twice");
        }
        KvRequest request;
        try {
            request = KvCommands.decode(command);
        } catch (IllegalArgumentException e) {
            failed = true;
            throw new IllegalStateException(
                    "entry " + index + " of term " + term + " holds no command of the key-value store: "
                            + e.getMessage(),
                    e);
        }
        failed = true;
        KvResponse response = openBatch().apply(index, term, request);
        failed = false;
        return response;
    }

    private ApplyBatch openBatch() {
        ApplyBatch commands = batch;
        if (commands == null) {
            View view = acquire();
            base = view;
            commands = new ApplyBatch(view, view.meta());
            batch = commands;
        }
        return commands;
    }

    @Override
    public void batchApplied(long index) {
        requireUsable();
        ApplyBatch commands = batch;
        if (commands != null) {
            failed = true;
            generation.views().commit(commands, index);
            dropBatch();
            failed = false;
            generation.compaction().removeBefore(compactRevision());
        }
        // Without commands there is nothing that repeating could spoil: the index reaches the engine with the next
        // batch.
        lastApplied = index;
    }

    private void requireUsable() {
        if (closed || failed) {
            throw new IllegalStateException(
                    place() + (closed ? " is closed" : " has failed before and applies nothing more"));
        }
        generation.compaction().throwIfFailed();
    }

    private String place() {
        return "the key-value store in " + generation.engine().place();
    }

    /** The present view, held for the caller, who closes it soon. A restore meanwhile only means to look again. */
    private View acquire() {
        while (true) {
            Generation now = generation;
            View view = now.acquire();
            if (view != null) {
                return view;
            }
            if (now == generation) {
                throw new IllegalStateException(place() + " is closed");
            }
        }
    }

    /**
     * Holds the present state still. A store on disk hands over its files, which differ from node to node; what it writes as a stream is the same on every node. As long as it is not closed, the disk keeps what commands and compactions since have
     * replaced.
     */
    @Override
    public Optional<StateSnapshot> snapshot() {
        requireBetweenRuns();
        generation.catchUp(lastApplied);
        return Optional.of(new HeldState(acquire(), generation.engine()));
    }

    /**
     * Holds what readers see at this moment, for a backup: every command whose result has been handed out is in it. What it writes is what {@link #snapshot} would. Any
     * thread. As long as it is not closed, the disk keeps what is replaced meanwhile, and {@link #close} waits.
     */
    public BackupState backup() {
        return new BackupState(acquire());
    }

    /**
     * Replaces everything by what {@link #snapshot} of some node wrote, in a new database that takes the place of the old one in one step. Readers on other threads who
     * are in the middle go on with the old state to their end; the next sees the new one.
     */
    @Override
    public void restore(long index, long term, InputStream state) throws IOException {
        replace(index, old -> old.replaceBy(fresh -> SnapshotReader.read(state, index, fresh)));
    }

    /** Replaces everything as {@link #restore} does, by the files of some node's engine, which are linked where that is possible. */
    @Override
    public void restoreFiles(long index, long term, List<StateFile> files) throws IOException {
        replace(index, old -> old.replaceBy(files, fresh -> Meta.take(fresh, index)));
    }

    /** What makes the engine that follows an old one. */
    private interface Succession {
        Engine after(Engine old) throws IOException;
    }

    private void replace(long index, Succession succession) throws IOException {
        requireBetweenRuns();
        failed = true;
        Generation old = generation;
        old.compaction().stop();
        Engine fresh = succession.after(old.engine());
        generation = new Generation(fresh, background);
        lastApplied = index;
        leaving = CompletableFuture.allOf(leaving, old.gone());
        old.retire();
        failed = false;
        generation.compaction().removeBefore(compactRevision());
    }

    private void requireBetweenRuns() {
        requireUsable();
        if (batch != null) {
            throw new IllegalStateException("there are commands that batchApplied has not ended yet");
        }
    }

    private void dropBatch() {
        batch = null;
        View view = base;
        base = null;
        if (view != null) {
            view.close();
        }
    }

    /** Reads keys at one moment. Any thread. Throws with {@link KvError#COMPACTED} or {@link KvError#FUTURE_REVISION}. */
    public KvResponse.Range range(RangeRequest request) {
        try (View view = acquire()) {
            KvError error = RangeRead.check(request, view.meta());
            if (error != null) {
                throw new KvException(error);
            }
            return RangeRead.read(view, view.meta().revision(), request);
        }
    }

    /** Answers a transaction that {@linkplain TxnRequests#isReadOnly only reads}, at one moment. Any thread. Throws as {@link #range}. */
    public KvResponse.Txn readOnlyTxn(TxnRequest request) {
        if (!TxnRequests.isReadOnly(request)) {
            throw new IllegalArgumentException("a transaction that may write must be proposed");
        }
        try (View view = acquire()) {
            Transaction transaction = Transaction.choose(view, request);
            KvError error = transaction.check(view, view.meta());
            if (error != null) {
                throw new KvException(error);
            }
            return transaction.read(view, view.meta().revision());
        }
    }

    /** The revision that readers see: 1 in an empty store, one more after each request that changed something. */
    public long revision() {
        try (View view = acquire()) {
            return view.meta().revision();
        }
    }

    /** Reads before this revision are refused; −1 before the first compaction. */
    public long compactRevision() {
        try (View view = acquire()) {
            return view.meta().compactRevision();
        }
    }

    /** Ends when everything that the compaction at this revision lets go has been removed from this node's engine. */
    public CompletableFuture<Void> physicalCompaction(long revision) {
        return generation.compaction().removedBefore(revision);
    }

    /** Bytes that the data occupies on this node. */
    public long sizeBytes() {
        return measure(Engine::sizeBytes);
    }

    /** Bytes of them that are in use; an estimate. */
    public long sizeInUseBytes() {
        return measure(Engine::sizeInUseBytes);
    }

    private long measure(ToLongFunction<Engine> size) {
        while (true) {
            Generation now = generation;
            View guard = now.acquire();
            if (guard != null) {
                try (guard) {
                    return size.applyAsLong(now.engine());
                }
            }
            if (now == generation) {
                throw new IllegalStateException(place() + " is closed");
            }
        }
    }

    /** A number that is equal on all nodes with the same applied state. Reads everything: seconds for a large store. Any thread. */
    public long stateHash() {
        try (View view = acquire()) {
            return StateHash.of(view);
        }
    }

    /** Makes all that is applied survive a crash of the machine; not needed for correctness, the log is replayed. Applying thread only. */
    public void flush() {
        requireUsable();
        persist();
    }

    private void persist() {
        if (batch == null) {
            generation.catchUp(lastApplied);
        }
        generation.engine().flush();
    }

    /** Waits for readers, flushes and lets go of the data. Not while another thread applies. What {@code batchApplied} has not ended is dropped. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        dropBatch();
        try {
            generation.compaction().stop();
            stopExecutor.run();
            if (!failed) {
                persist();
            }
        } finally {
            generation.close();
            leaving.join();
        }
    }
}
