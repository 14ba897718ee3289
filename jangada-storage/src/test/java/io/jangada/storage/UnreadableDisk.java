package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import io.jangada.storage.disk.ForwardingDisk;
import io.jangada.storage.disk.ForwardingFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk of which a few neighbouring bytes of one file, a block or a sector, cannot be read any more, until they are written again. */
final class UnreadableDisk extends ForwardingDisk {
    private final String name;
    private final long bad;
    private final int badBytes;
    private boolean written;

    /** A whole block that begins there. */
    UnreadableDisk(Disk disk, String name, long block) {
        this(disk, name, block, RecordFormat.BLOCK_BYTES);
    }

    UnreadableDisk(Disk disk, String name, long bad, int badBytes) {
        super(disk);
        this.name = name;
        this.bad = bad;
        this.badBytes = badBytes;
    }

    @Override
    public DiskFile open(String opened) throws IOException {
        DiskFile file = super.open(opened);
        return opened.equals(name) ? new Failing(file) : file;
    }

    private boolean touches(long from, long to) {
        return from < bad + badBytes && to > bad;
    }

    /** The file with the block. */
    private final class Failing extends ForwardingFile {
        Failing(DiskFile file) {
            super(file);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (!written && touches(position, position + target.remaining())) {
                throw new IOException("cannot read at offset " + position + " of " + name + ": Input/output error");
            }
            return super.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            written |= touches(position, position + source.remaining());
            super.write(source, position);
        }
    }
}
