package io.jangada.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file of a {@link Disk}; every failure is an {@link IOException} that names the file. */
public interface DiskFile extends Closeable {

    /** The length in bytes. */
    long size() throws IOException;

    /** Reads at this position until the target is full or the file ends; returns how many bytes that were, 0 at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all that remains of the source at this position, extending the file if necessary. Durable only after {@link #force}. */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Makes everything written so far durable, and the length with it.
     *
     * @param metadata whether times and the like must be durable too, which the log needs only once per file
     */
    void force(boolean metadata) throws IOException;

    /** Cuts the file to this length; a shorter file stays as it is. */
    void truncate(long size) throws IOException;
}
