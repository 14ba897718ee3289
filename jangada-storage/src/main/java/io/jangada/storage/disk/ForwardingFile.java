package io.jangada.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that hands every call on to another one, to be extended by whoever wants to change a few of them. */
public abstract class ForwardingFile implements DiskFile {
    private final DiskFile file;

    protected ForwardingFile(DiskFile file) {
        this.file = file;
    }

    /** The file behind this one. */
    protected final DiskFile file() {
        return file;
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
