package io.jangada.storage;

import io.jangada.api.StateFile;
import io.jangada.api.spi.SnapshotStore;
import io.jangada.storage.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of a snapshot, for a state machine that takes over its state. */
final class HeldParts implements SnapshotStore.HeldFiles {
    private final List<StateFile> files;
    private final Runnable onClose;
    private boolean closed;

    /** Runs this when it is closed. */
    HeldParts(Disk disk, Manifest manifest, Runnable onClose) {
        this.files = manifest.parts().stream()
                .map(part -> (StateFile) new Held(disk, part))
                .toList();
        this.onClose = onClose;
    }

    @Override
    public List<StateFile> files() {
        return files;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            onClose.run();
        }
    }

    private record Held(Disk disk, SnapshotPart part) implements StateFile {
        @Override
        public String name() {
            return part.name();
        }

        @Override
        public long sizeBytes() {
            return part.sizeBytes();
        }

        @Override
        public InputStream open() throws IOException {
            return new PartStream(new PartReader(disk, part), part.chunks());
        }

        @Override
        public Optional<Path> path() {
            return disk.path(part.fileName());
        }
    }

    /** The content of a part from its beginning to its end. One thread. */
    private static final class PartStream extends InputStream {
        private final PartReader reader;
        private final int chunks;
        private int next;
        private ByteBuffer current = ByteBuffer.allocate(0);

        PartStream(PartReader reader, int chunks) {
            this.reader = reader;
            this.chunks = chunks;
        }

        private boolean advance() throws IOException {
            if (!current.hasRemaining() && next < chunks) {
                current = reader.chunk(next++);
            }
            return current.hasRemaining();
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

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
