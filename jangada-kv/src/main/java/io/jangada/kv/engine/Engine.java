package io.jangada.kv.engine;

import io.jangada.api.StateFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port to the storage of a key-value store: an ordered map of bytes with atomic batches and snapshots.
 *
 * <p>What survives a crash is the state after some batch, with every batch before it and none after it; which batch that is, the engine
 * chooses, at least the last one before the last {@link #flush}. So whoever stores a position in each batch knows after a restart from where to repeat.
 *
 * <p>Any thread may call. An {@link EngineException} from a write or flush means that the disk cannot be trusted: nothing may be retried.
 */
public interface Engine extends AutoCloseable {

    /** Where the data is, in words for error messages. */
    String place();

    /** A view of what has been written so far. */
    Snapshot snapshot();

    /** Carries out all changes of the batch as one; visible to snapshots taken afterwards. */
    void write(Batch batch);

    /** Makes everything written so far survive a crash. */
    void flush();

    /** Hints that most of what lay from {@code from} to {@code to} has been deleted and its space may be given back; may take long. */
    void reclaim(byte[] from, byte[] to);

    /** Bytes occupied, including what is deleted and not given back yet. */
    long sizeBytes();

    /** Bytes occupied by what can still be read; an estimate. */
    long sizeInUseBytes();

    /**
     * Fills a new, empty engine beside this one and puts it in the place of this one, in one step: a crash or a failure leaves this one, or the new one, whole and
     * flushed, to whoever opens the place next. This one can be read until it is closed and must not be written any more; closing it removes what it held. Returns the
     * new one. An exception before the step leaves this one in its place.
     */
    Engine replaceBy(Filling filling) throws IOException;

    /**
     * Puts an engine that consists of these files, which another engine of this kind has captured, in the place of this one, as {@link #replaceBy(Filling)} does; first, the last touches are
     * put to it. The files stay where they are.
     */
    default Engine replaceBy(List<StateFile> files, Filling lastTouches) throws IOException {
        throw new IOException("the key-value store in " + place() + " cannot be made of files");
    }

    /**
     * Marks this moment, for files that hold what has been written so far; empty if this engine has no files. Quick. Only one at a time, by the thread that writes; what is returned is for
     * any one thread.
     */
    default Optional<Capture> capture() {
        return Optional.empty();
    }

    /** What had been written at one moment, as files. */
    interface Capture extends AutoCloseable {
        /** Waits until all of it is on disk, and says in which files. They hold later batches, too, if there have been so many meanwhile. They are there until this is closed. */
        List<StateFile> files() throws IOException;

        /** What the files hold under this key. */
        byte @Nullable [] get(byte[] key) throws IOException;

        @Override
        void close();
    }

    /** What puts data into a new engine. */
    interface Filling {
        void into(Engine fresh) throws IOException;
    }

    /** Lets go of everything; what has not been flushed may be lost. All snapshots must be closed. A second call does nothing. */
    @Override
    void close();
}
