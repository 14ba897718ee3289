package io.jangada.api.spi;

import io.jangada.api.StorageSpace;
import io.jangada.core.model.Entry;
import io.jangada.core.model.LogState;
import io.jangada.core.step.WriteBatch;
import java.io.IOException;
import java.util.List;

/**
 * The log of one node: term, vote and entries as one ordered, durable stream.
 *
 * <p>One thread, the journal thread, calls {@link #write} and {@link #sync}; {@link #read} may be called from any other thread at the same
 * time. After any exception from {@code write} or {@code sync} the storage is poisoned: it refuses every further call but {@link #close}, and what
 * it holds is known again only after a restart that reads the disk (trap 40).
 */
public interface Storage extends AutoCloseable {

    /** What the disk held when this storage was opened, all of it durable. */
    LogState recovered();

    /**
     * Adds a batch to the stream. Not durable before the next {@link #sync} has returned. After a batch with a base, {@link #read} gives no entry up to it, and its
     * space on the disk is given back some time after the base is durable.
     */
    void write(WriteBatch batch) throws IOException;

    /** Makes everything written so far durable; one disk synchronisation, however many batches there are. */
    void sync() throws IOException;

    /**
     * Entries from {@code fromIndex}, contiguous, up to and including {@code toIndex}, as many as weigh at most {@code maxBytes} ({@link Entry#weight}) but at
     * least one. Sees everything that has been written, durable or not, and what is intact behind a gap ({@link io.jangada.core.model.Salvage}); never goes on
     * across a gap. Empty if {@code fromIndex} is not there.
     */
    List<Entry> read(long fromIndex, long toIndex, int maxBytes) throws IOException;

    /**
     * How much room there is, asked now and then by the journal thread: cheap, and without a failure of its own. Below the reserve the node takes no commands, before a write fails for want
     * of room (trap 46); the levels have a distance between getting into one and out of it, so that they do not flutter. A storage that cannot run out of room leaves this as it is; one that wraps
     * another passes it on.
     */
    default StorageSpace space() {
        return StorageSpace.UNLIMITED;
    }

    /** Closes the files and releases the lock on the folder. */
    @Override
    void close() throws IOException;
}
