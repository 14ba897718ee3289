package io.jangada.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of the file system. An interrupt of a thread in here closes the file: the journal thread must not be interrupted. */
final class RealFile implements DiskFile {
    private final Path path;
    private final FileChannel channel;
    /** The same file, for whole blocks, which go between memory and the disk itself. */
    private final @Nullable FileChannel blocks;

    RealFile(Path path, FileChannel channel, @Nullable FileChannel blocks) {
        this.path = path;
        this.channel = channel;
        this.blocks = blocks;
    }

    @Override
    public long size() throws IOException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw RealDisk.failure("ask the length of", path, e);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int total = 0;
        try {
            while (target.hasRemaining()) {
                int count = channelFor(target, position + total).read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
        } catch (IOException e) {
            throw RealDisk.failure("read at offset " + (position + total) + " of", path, e);
        }
        return total;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        long at = position;
        try {
            while (source.hasRemaining()) {
                at += channelFor(source, at).write(source, at);
            }
        } catch (IOException e) {
            throw RealDisk.failure("write at offset " + at + " of", path, e);
        }
    }

    /** The channel for what remains to be read or written at this offset. */
    private FileChannel channelFor(ByteBuffer memory, long position) {
        boolean whole = position % Disk.BLOCK_BYTES == 0
                && memory.remaining() % Disk.BLOCK_BYTES == 0
                && memory.isDirect()
                && memory.alignmentOffset(memory.position(), Disk.BLOCK_BYTES) == 0;
        return whole && blocks != null ? blocks : channel;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        try {
            channel.force(metadata);
        } catch (IOException e) {
            throw RealDisk.failure("synchronise", path, e);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            throw RealDisk.failure("truncate to " + size + " bytes", path, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            try {
                if (blocks != null) {
                    blocks.close();
                }
            } finally {
                channel.close();
            }
        } catch (IOException e) {
            throw RealDisk.failure("close", path, e);
        }
    }
}
