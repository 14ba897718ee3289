package io.jangada.api;

import java.io.IOException;
import java.io.OutputStream;

/** The state of a {@link StateMachine} at one index, held still while it is written out, concurrently with later commands. */
public interface StateSnapshot extends AutoCloseable {
    /** Writes the whole state. Called once, on a thread of its own. An exception ends this snapshot, and the node goes on without it. */
    void writeTo(OutputStream out) throws IOException;

    /** Lets go of what was held. Called once, whether it was written or not. */
    @Override
    void close();
}
