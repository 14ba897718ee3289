package io.jangada.storage;

import io.jangada.storage.disk.Disk;
import io.jangada.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Unused space: bytes that are zero. */
final class Zeros {
    private static final int CHUNK_BYTES = 256 << 10;

    private Zeros() {}

    /** Puts so many of them at the position of the target. */
    static void put(ByteBuffer target, int count) {
        int end = target.position() + count;
        while (target.position() + Long.BYTES <= end) {
            target.putLong(0);
        }
        while (target.position() < end) {
            target.put((byte) 0);
        }
    }

    /** The offset after the last byte between these offsets that is not zero, {@code from} if all are. */
    static long endOfData(Disk disk, DiskFile file, long from, long to) throws IOException {
        long end = from;
        if (to <= from) {
            return end;
        }
        ByteBuffer chunk = disk.allocate((int) Math.min(CHUNK_BYTES, to - from));
        for (long at = from; at < to; at += chunk.capacity()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - at));
            int read = file.read(chunk, at);
            int used = usedIn(chunk, read);
            if (used > 0) {
                end = at + used;
            }
        }
        return end;
    }

    private static int usedIn(ByteBuffer chunk, int length) {
        int words = length & -Long.BYTES;
        for (int at = length; at > words; at--) {
            if (chunk.get(at - 1) != 0) {
                return at;
            }
        }
        for (int at = words; at > 0; at -= Long.BYTES) {
            long word = chunk.getLong(at - Long.BYTES);
            if (word != 0) {
                return at - Long.numberOfTrailingZeros(word) / Byte.SIZE;
            }
        }
        return 0;
    }
}
