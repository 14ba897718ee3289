package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk of which a few neighbouring bytes of one file, a block or a sector, cannot be read any more, until they are written again. */
final class UnreadableDisk implements Disk {
    private final Disk disk;
    private final String name;
    private final long bad;
    private final int badBytes;
    private boolean written;

    /** A whole block that begins there. */
    UnreadableDisk(Disk disk, String name, long block) {
        this(disk, name, block, RecordFormat.BLOCK_BYTES);
    }

    UnreadableDisk(Disk disk, String name, long bad, int badBytes) {
        this.disk = disk;
        this.name = name;
        this.bad = bad;
        this.badBytes = badBytes;
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
    public DiskFile open(String opened) throws IOException {
        DiskFile file = disk.open(opened);
        return opened.equals(name) ? new Failing(file) : file;
    }

    @Override
    public DiskFile create(String created) throws IOException {
        return disk.create(created);
    }

    @Override
    public void delete(String deleted) throws IOException {
        disk.delete(deleted);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void sync() throws IOException {
        disk.sync();
    }

    @Override
    public Closeable lock(String lock) throws IOException {
        return disk.lock(lock);
    }

    @Override
    public Closeable lockUnchanged(String lock) throws IOException {
        return disk.lockUnchanged(lock);
    }

    @Override
    public long usableBytes() {
        return disk.usableBytes();
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return disk.allocate(bytes);
    }

    private boolean touches(long from, long to) {
        return from < bad + badBytes && to > bad;
    }

    /** The file with the block. */
    private final class Failing implements DiskFile {
        private final DiskFile file;

        Failing(DiskFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (!written && touches(position, position + target.remaining())) {
                throw new IOException("cannot read at offset " + position + " of " + name + ": Input/output error");
            }
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            written |= touches(position, position + source.remaining());
            file.write(source, position);
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
