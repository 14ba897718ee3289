package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reading from a disk of which some blocks may have become unreadable: those read as zeros, in which there is no record. */
final class PatientReading {
    private static final Logger LOG = LoggerFactory.getLogger(PatientReading.class);

    private PatientReading() {}

    /** As {@link DiskFile#read}; what cannot be read at once is tried block by block. */
    static int read(Disk disk, DiskFile file, ByteBuffer target, long position) throws IOException {
        return read(disk, file, target, position, new BitSet());
    }

    /** The same; adds the numbers of the blocks that cannot be read. */
    static int read(Disk disk, DiskFile file, ByteBuffer target, long position, BitSet lost) throws IOException {
        int start = target.position();
        try {
            return file.read(target, position);
        } catch (IOException e) {
            target.position(start);
            return readBlocks(disk, file, target, position, lost, e);
        }
    }

    private static int readBlocks(
            Disk disk, DiskFile file, ByteBuffer target, long position, BitSet lost, IOException first)
            throws IOException {
        long size = file.size();
        int limit = target.limit();
        int wanted = (int) Math.max(0, Math.min(target.remaining(), size - position));
        int end = target.position() + wanted;
        int count = 0;
        while (target.position() < end) {
            int start = target.position();
            long at = position + wanted - (end - start);
            int inBlock = RecordFormat.BLOCK_BYTES - (int) (at % RecordFormat.BLOCK_BYTES);
            target.limit(Math.min(end, start + inBlock));
            try {
                file.read(target, at);
            } catch (IOException e) {
                target.position(start);
                while (target.hasRemaining()) {
                    target.put((byte) 0);
                }
                lost.set((int) (at / RecordFormat.BLOCK_BYTES));
                count++;
            }
            target.position(target.limit()).limit(limit);
        }
        LOG.warn(
                "{} blocks behind offset {} in {} cannot be read: {}",
                count,
                position,
                disk.location(),
                first.getMessage());
        return wanted;
    }
}
