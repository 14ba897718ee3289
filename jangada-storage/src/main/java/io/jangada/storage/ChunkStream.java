package io.jangada.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A stream over content that is read, and checked, in chunks. One thread. */
abstract class ChunkStream extends InputStream {
    private ByteBuffer current = ByteBuffer.allocate(0);

    /** The chunk that follows, which is not empty and good until the next call; null at the end. */
    abstract @Nullable ByteBuffer next() throws IOException;

    @Override
    public int read() throws IOException {
        return advance() ? current.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, current.remaining());
        current.get(target, from, count);
        return count;
    }

    /** False at the end. */
    private boolean advance() throws IOException {
        if (!current.hasRemaining()) {
            ByteBuffer following = next();
            if (following == null) {
                return false;
            }
            current = following;
        }
        return true;
    }
}
