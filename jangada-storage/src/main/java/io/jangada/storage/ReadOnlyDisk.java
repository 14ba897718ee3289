package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.ForwardingDisk;
import io.jangada.storage.disk.ForwardingFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A disk on which whatever is done leaves no trace: for a look at a folder through the code that would repair it. What was written cannot be read. */
final class ReadOnlyDisk extends ForwardingDisk {
    ReadOnlyDisk(Disk disk) {
        super(disk);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new Untouched(super.open(name));
    }

    @Override
    public DiskFile create(String name) {
        return new Nowhere();
    }

    @Override
    public boolean link(Path source, String name) {
        return false;
    }

    @Override
    public void delete(String name) {
        // It stays.
    }

    @Override
    public void rename(String from, String to) {
        // It keeps its name.
    }

    @Override
    public void sync() {
        // There is nothing new.
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return lockUnchanged(name);
    }

    /** An existing file. */
    private static final class Untouched extends ForwardingFile {
        Untouched(DiskFile file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            source.position(source.limit());
        }

        @Override
        public void force(boolean metadata) {
            // There is nothing new.
        }

        @Override
        public void truncate(long size) {
            // It keeps its length.
        }
    }

    /** A file that was never made. */
    private static final class Nowhere implements DiskFile {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            return 0;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            source.position(source.limit());
        }

        @Override
        public void force(boolean metadata) {
            // It is nowhere.
        }

        @Override
        public void truncate(long size) {
            // It is nowhere.
        }

        @Override
        public void close() {
            // It is nowhere.
        }
    }
}
