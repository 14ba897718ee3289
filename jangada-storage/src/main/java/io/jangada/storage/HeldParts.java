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
import org.jspecify.annotations.Nullable;

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
    private static final class PartStream extends ChunkStream {
        private final PartReader reader;
        private final int chunks;
        private int next;

        PartStream(PartReader reader, int chunks) {
            this.reader = reader;
            this.chunks = chunks;
        }

        @Override
        @Nullable
        ByteBuffer next() throws IOException {
            return next == chunks ? null : reader.chunk(next++);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
