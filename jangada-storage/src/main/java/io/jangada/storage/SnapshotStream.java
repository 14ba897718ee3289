package io.jangada.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The content of a snapshot from its beginning to its end; the last bytes come only if the fingerprint over all of them is right. One thread. */
final class SnapshotStream extends ChunkStream {
    private final SnapshotReader reader;
    private final Runnable onClose;
    private final Fingerprint fingerprint = new Fingerprint();
    private final long chunks;
    private long next;
    private boolean closed;

    /** A stream that closes the reader, and runs this, when it is closed. */
    SnapshotStream(SnapshotReader reader, Runnable onClose) {
        this.reader = reader;
        this.onClose = onClose;
        StoredSnapshot snapshot = reader.snapshot();
        this.chunks = snapshot.layout().chunks(snapshot.contentBytes());
    }

    @Override
    @Nullable
    ByteBuffer next() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (next == chunks) {
            return null;
        }
        ByteBuffer chunk = reader.chunk(next++);
        fingerprint.update(chunk);
        StoredSnapshot snapshot = reader.snapshot();
        if (next == chunks && fingerprint.value() != snapshot.meta().fingerprint()) {
            throw reader.corrupt(
                    snapshot.layout().trailerPosition(snapshot.contentBytes()),
                    "the fingerprint of the content is wrong");
        }
        return chunk;
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
