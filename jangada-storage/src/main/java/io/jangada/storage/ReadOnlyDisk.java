package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk on which whatever is done leaves no trace: for a look at a folder through the code that would repair it. What was written cannot be read. */
final class ReadOnlyDisk implements Disk {
    private final Disk disk;

    ReadOnlyDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public String location() {
        return disk.location();
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new Untouched(disk.open(name));
    }

    @Override
    public DiskFile create(String name) {
        return new Nowhere();
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
        return disk.lockUnchanged(name);
    }

    @Override
    public Closeable lockUnchanged(String name) throws IOException {
        return disk.lockUnchanged(name);
    }

    @Override
    public long usableBytes() {
        return disk.usableBytes();
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return disk.allocate(bytes);
    }

    /** An existing file. */
    private record Untouched(DiskFile file) implements DiskFile {
        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
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

        @Override
        public void close() throws IOException {
            file.close();
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
