package io.jangada.testkit.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** The bytes of one file, as its readers see them and as a power failure would leave them. Guarded by its disk. */
final class SimFile {
    private static final int SECTOR = SimDisk.SECTOR_BYTES;

    private byte[] live = new byte[0];
    private byte[] durable = new byte[0];
    private int liveSize;
    private int durableSize;
    /** Sectors in which the two differ and which the next force writes. */
    private final BitSet dirty = new BitSet();
    /** Sectors in which the two differ and which no force writes, since one has failed. */
    private final BitSet forsaken = new BitSet();

    SimFile() {}

    SimFile(byte[] content) {
        live = content.clone();
        durable = content.clone();
        liveSize = content.length;
        durableSize = content.length;
    }

    SimFile copy() {
        SimFile copy = new SimFile();
        copy.live = live.clone();
        copy.durable = durable.clone();
        copy.liveSize = liveSize;
        copy.durableSize = durableSize;
        copy.dirty.or(dirty);
        copy.forsaken.or(forsaken);
        return copy;
    }

    int size() {
        return liveSize;
    }

    byte[] content() {
        return Arrays.copyOf(live, liveSize);
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.max(0, Math.min(target.remaining(), liveSize - position));
        if (count > 0) {
            target.put(live, (int) position, count);
        }
        return count;
    }

    void write(ByteBuffer source, int length, long position) {
        if (length == 0) {
            return;
        }
        int end = Math.toIntExact(position + length);
        if (end > live.length) {
            live = Arrays.copyOf(live, roomFor(end, live.length));
        }
        source.get(live, (int) position, length);
        liveSize = Math.max(liveSize, end);
        int from = (int) position / SECTOR;
        int to = (end + SECTOR - 1) / SECTOR;
        dirty.set(from, to);
        forsaken.clear(from, to);
    }

    private static int roomFor(int needed, int present) {
        int sectors = (Math.max(needed, present + present / 2) + SECTOR - 1) / SECTOR;
        return sectors * SECTOR;
    }

    void truncate(long size) {
        if (size < liveSize) {
            Arrays.fill(live, (int) size, liveSize, (byte) 0);
            dirty.set((int) size / SECTOR, (liveSize + SECTOR - 1) / SECTOR);
            liveSize = (int) size;
        }
    }

    void force() {
        if (durable.length < live.length) {
            durable = Arrays.copyOf(durable, live.length);
        }
        for (int from = dirty.nextSetBit(0); from >= 0; from = dirty.nextSetBit(from)) {
            int to = dirty.nextClearBit(from);
            int start = from * SECTOR;
            System.arraycopy(live, start, durable, start, Math.min(to * SECTOR, live.length) - start);
            from = to;
        }
        dirty.clear();
        durableSize = liveSize;
    }

    /** A force has failed: what it should have written stays readable, is clean, and is not on the disk (ATC'20). */
    void forsake() {
        forsaken.or(dirty);
        dirty.clear();
    }

    boolean hasUnsynced() {
        return !dirty.isEmpty();
    }

    /** The first unsynchronised byte, to within a sector. */
    long unsyncedFrom() {
        return (long) dirty.nextSetBit(0) * SECTOR;
    }

    /** The end of the unsynchronised bytes, to within a sector. */
    long unsyncedTo() {
        return Math.min((long) dirty.length() * SECTOR, liveSize);
    }

    /** The power fails. */
    void crash(String name, Survival survival) {
        if (durable.length < live.length) {
            durable = Arrays.copyOf(durable, live.length);
        }
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            int start = sector * SECTOR;
            int kept = Math.min(survival.bytesOf(name, start), Math.max(0, live.length - start));
            if (kept > 0) {
                System.arraycopy(live, start, durable, start, kept);
                durableSize = Math.max(durableSize, Math.min(start + kept, liveSize));
            }
        }
        dirty.clear();
        forsaken.clear();
        live = durable.clone();
        liveSize = durableSize;
    }
}
