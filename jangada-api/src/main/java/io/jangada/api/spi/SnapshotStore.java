package io.jangada.api.spi;

import io.jangada.api.StateFile;
import io.jangada.api.StateSnapshot;
import io.jangada.core.message.SnapshotOutcome;
import io.jangada.core.message.SnapshotRequest;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.SnapshotMeta;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The snapshots of one node: durable, checksummed, complete or not there at all.
 *
 * <p>Content is what {@link StateSnapshot#writeTo} wrote or, of one that was handed over as files, a manifest and then the files ({@link SnapshotMeta#manifestBytes}); its length and
 * checksum are those of {@link SnapshotMeta}.
 *
 * <p>{@link #take} runs on one thread at a time, {@link #read}, {@link #stage} and {@link #open} on others at the same time. What is being read is not deleted. Never
 * holds a whole snapshot in memory. An {@link IOException} of {@link #take} or {@link #stage} leaves the older snapshots as they were.
 */
public interface SnapshotStore extends AutoCloseable {
    /** The newest snapshot that is whole, or empty. Verified when the store was opened. Any thread. */
    Optional<SnapshotMeta> newest();

    /**
     * What a snapshot that was found damaged when the store was opened says of itself, if the log begins behind all that are intact and this much of it is: index, term and membership. Size
     * and fingerprint mean nothing. Empty in any other case.
     */
    default Optional<SnapshotMeta> damaged() {
        return Optional.empty();
    }

    /**
     * Writes a snapshot of this node's state: staged, checksummed, synchronised, renamed, the folder synchronised. Then older ones beyond the number to keep are
     * deleted. Size and fingerprint of the result are those of the content. The caller closes the state. If there is a snapshot of this index and term already, that one
     * is the result.
     *
     * @throws IOException if the state or the disk fails; the same state can be taken again
     */
    SnapshotMeta take(long index, long term, MembershipAt membership, StateSnapshot state) throws IOException;

    /**
     * A piece of the content, for a follower: at most {@code maxBytes}, empty at its end or if the snapshot is not here any more. One that cannot be read is not here any more afterwards, so that
     * {@link #take} makes a new one even of the same index.
     */
    byte[] read(SnapshotMeta snapshot, long offset, int maxBytes) throws IOException;

    /** What became of a piece, and how much of that snapshot is there now. */
    record Staged(SnapshotOutcome outcome, long nextOffset) {}

    /**
     * Stores a piece of a snapshot that arrives from another node. Only what follows what is there is taken, and answered by where to go on, so
     * that a repetition does no harm. Files that are here already, from other snapshots, are passed over: the answer leads behind them. A piece of another snapshot than the one that was being staged begins anew. With the last piece the whole is verified against its
     * fingerprint and made durable as {@link #take} does: {@code INSTALLED}; a wrong one is thrown away: {@code REJECTED}. A piece of a snapshot that is here already is answered with
     * {@code INSTALLED}. An exception throws away what had arrived; the sender may begin again.
     */
    Staged stage(SnapshotRequest piece) throws IOException;

    /** The state in a snapshot that is a stream, to restore from: what {@link StateSnapshot#writeTo} wrote, verified while it is read. The caller closes it. */
    InputStream open(SnapshotMeta snapshot) throws IOException;

    /** The state in a snapshot of files ({@link SnapshotMeta#inFiles}), to restore from: verified, and here until the caller closes it. */
    default HeldFiles openFiles(SnapshotMeta snapshot) throws IOException {
        throw new IOException("this store keeps no snapshots of files");
    }

    /** The files of a state, which stay as long as this is not closed. */
    interface HeldFiles extends AutoCloseable {
        List<StateFile> files();

        @Override
        void close();
    }

    @Override
    void close() throws IOException;
}
