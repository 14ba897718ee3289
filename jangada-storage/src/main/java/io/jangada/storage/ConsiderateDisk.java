package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The disk as snapshots see it: full a little earlier than it is, so that there is room left for the log's next segment.
 *
 * <p>A snapshot that cannot be written is tried again some other time; a log that cannot be written ends its node (trap 46). Only the folder is common to both: after a
 * failed synchronisation of it the next one may succeed without what was lost, a segment's name among it, so that one poisons the log whoever asked for it (trap 40).
 */
final class ConsiderateDisk implements Disk {
    private final Disk disk;
    private final long leftBytes;
    private final Poison poison;

    /** {@code leftBytes} is what is left for the log, whose poison is taken if its folder cannot be synchronised. */
    ConsiderateDisk(Disk disk, long leftBytes, Poison poison) {
        this.disk = disk;
        this.leftBytes = leftBytes;
        this.poison = poison;
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
        return new Considerate(name, disk.open(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new Considerate(name, disk.create(name));
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void sync() throws IOException {
        try {
            disk.sync();
        } catch (IOException | RuntimeException e) {
            poison.by(e);
            throw e;
        }
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return disk.lock(name);
    }

    @Override
    public Closeable lockUnchanged(String name) throws IOException {
        return disk.lockUnchanged(name);
    }

    @Override
    public long usableBytes() {
        long usable = disk.usableBytes();
        return usable == Long.MAX_VALUE ? usable : Math.max(0, usable - leftBytes);
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return disk.allocate(bytes);
    }

    private final class Considerate implements DiskFile {
        private final String name;
        private final DiskFile file;

        Considerate(String name, DiskFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long growth = position + source.remaining() - file.size();
            if (growth > 0 && usableBytes() < growth) {
                throw new IOException("cannot write " + name + " in " + location() + ": the file system has only "
                        + disk.usableBytes() + " bytes left, and " + leftBytes
                        + " of them are kept for the log; free space there");
            }
            file.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            file.force(metadata);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
