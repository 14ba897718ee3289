package io.jangada.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The content of a snapshot from its beginning to its end; the last bytes come only if the fingerprint over all of them is right. One thread. */
final class SnapshotStream extends InputStream {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SnapshotReader reader;
    private final Runnable onClose;
    private final Fingerprint fingerprint = new Fingerprint();
    private final long chunks;
    private long next;
    private ByteBuffer current = NOTHING;
    private boolean closed;

    /** A stream that closes the reader, and runs this, when it is closed. */
    SnapshotStream(SnapshotReader reader, Runnable onClose) {
        this.reader = reader;
        this.onClose = onClose;
        StoredSnapshot snapshot = reader.snapshot();
        this.chunks = snapshot.layout().chunks(snapshot.contentBytes());
    }

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
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (current.hasRemaining()) {
            return true;
        }
        if (next == chunks) {
            return false;
        }
        current = reader.chunk(next++);
        fingerprint.update(current);
        StoredSnapshot snapshot = reader.snapshot();
        if (next == chunks && fingerprint.value() != snapshot.meta().fingerprint()) {
            throw reader.corrupt(
                    snapshot.layout().trailerPosition(snapshot.contentBytes()),
                    "the fingerprint of the content is wrong");
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            reader.close();
        } finally {
            onClose.run();
        }
    }
}
