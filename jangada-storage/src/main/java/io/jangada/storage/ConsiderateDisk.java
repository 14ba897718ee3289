package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.ForwardingDisk;
import io.jangada.storage.disk.ForwardingFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The disk as snapshots see it: full a little earlier than it is, so that there is room left for the log's next segment.
 *
 * <p>A snapshot that cannot be written is tried again some other time; a log that cannot be written ends its node (trap 46). Only the folder is common to both: after a
 * failed synchronisation of it the next one may succeed without what was lost, a segment's name among it, so that one poisons the log whoever asked for it (trap 40).
 */
final class ConsiderateDisk extends ForwardingDisk {
    private final long leftBytes;
    private final Poison poison;

    /** {@code leftBytes} is what is left for the log, whose poison is taken if its folder cannot be synchronised. */
    ConsiderateDisk(Disk disk, long leftBytes, Poison poison) {
        super(disk);
        this.leftBytes = leftBytes;
        this.poison = poison;
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new Considerate(name, super.open(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new Considerate(name, super.create(name));
    }

    @Override
    public void sync() throws IOException {
        try {
            super.sync();
        } catch (IOException | RuntimeException e) {
            poison.by(e);
            throw e;
        }
    }

    @Override
    public long usableBytes() {
        long usable = super.usableBytes();
        return usable == Long.MAX_VALUE ? usable : Math.max(0, usable - leftBytes);
    }

    private final class Considerate extends ForwardingFile {
        private final String name;

        Considerate(String name, DiskFile file) {
            super(file);
            this.name = name;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long growth = position + source.remaining() - size();
            if (growth > 0 && usableBytes() < growth) {
                throw new IOException("cannot write " + name + " in " + location() + ": the file system has only "
                        + disk().usableBytes() + " bytes left, and " + leftBytes
                        + " of them are kept for the log; free space there");
            }
            super.write(source, position);
        }
    }
}
