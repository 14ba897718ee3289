package io.jangada.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk that hands every call on to another one, to be extended by whoever wants to change a few of them. */
public abstract class ForwardingDisk implements Disk {
    private final Disk disk;

    protected ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    /** The disk behind this one. */
    protected final Disk disk() {
        return disk;
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
        return disk.open(name);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return disk.create(name);
    }

    @Override
    public boolean link(Path source, String name) throws IOException {
        return disk.link(source, name);
    }

    @Override
    public boolean isLink(Path source, String name) throws IOException {
        return disk.isLink(source, name);
    }

    @Override
    public Optional<Path> path(String name) {
        return disk.path(name);
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
        disk.sync();
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
        return disk.usableBytes();
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return disk.allocate(bytes);
    }
}
