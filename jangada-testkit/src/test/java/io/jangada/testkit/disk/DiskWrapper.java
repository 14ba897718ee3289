package io.jangada.testkit.disk;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that does as it is told; bugs that are planted between the log and its disk override a method. */
class DiskWrapper implements Disk {
    private final Disk real;

    DiskWrapper(Disk real) {
        this.real = real;
    }

    @Override
    public String location() {
        return real.location();
    }

    @Override
    public List<String> list() throws IOException {
        return real.list();
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new File(real.open(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new File(real.create(name));
    }

    @Override
    public void delete(String name) throws IOException {
        real.delete(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        real.rename(from, to);
    }

    @Override
    public void sync() throws IOException {
        real.sync();
    }

    @Override
    public long usableBytes() {
        return real.usableBytes();
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return real.lock(name);
    }

    @Override
    public Closeable lockUnchanged(String name) throws IOException {
        return real.lockUnchanged(name);
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return real.allocate(bytes);
    }

    /** How a file is forced. */
    void force(DiskFile file, boolean metadata) throws IOException {
        file.force(metadata);
    }

    private final class File implements DiskFile {
        private final DiskFile file;

        File(DiskFile file) {
            this.file = file;
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
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            DiskWrapper.this.force(file, metadata);
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
