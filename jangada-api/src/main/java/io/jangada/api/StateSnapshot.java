package io.jangada.api;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * The state of a {@link StateMachine} at one index, held still while it is written out, concurrently with later commands.
 *
 * <p>It is written as one stream ({@link #writeTo}) or, by a state machine that keeps its state on disk, handed over as files ({@link #files}), which costs no copy and lets a
 * follower do without those that it has.
 */
public interface StateSnapshot extends AutoCloseable {
    /**
     * The whole state as files; none if it is to be written with {@link #writeTo} instead, which is not called otherwise. Called once, on the thread of {@code writeTo}; the files
     * must be there until {@link #close}. An exception ends this snapshot, and the node goes on without it.
     */
    default List<StateFile> files() throws IOException {
        return List.of();
    }

    /** Writes the whole state. Called at most once, on a thread of its own. An exception ends this snapshot, and the node goes on without it. */
    void writeTo(OutputStream out) throws IOException;

    /** Lets go of what was held. Called once, whether it was written or not. */
    @Override
    void close();
}
