package io.jangada.testkit.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The bytes of one file, as its readers see them, as a power failure would leave them, and as the disk held them before. Guarded by its disk. */
final class SimFile {
    private static final int SECTOR = SimDisk.SECTOR_BYTES;

    /** What readers see: memory. All three arrays are whole sectors long. */
    private byte[] live = new byte[0];
    /** What is on the disk, or ought to be: see {@link #hits}. */
    private byte[] durable = new byte[0];
    /** What each sector held on the disk before it was written the last time. */
    private byte[] former = new byte[0];

    private int liveSize;
    private int durableSize;
    /** Sectors in which memory and disk differ and which the next force writes. */
    private final BitSet dirty = new BitSet();
    /** Sectors in which the two differ and which no force writes: one has failed, or the disk has lost them. */
    private final BitSet forsaken = new BitSet();
    /** Sectors that cannot be read from the disk until they are written. */
    private final BitSet unreadable = new BitSet();
    /** Sectors that writes have named since the latest force, whether or not the disk had the same. */
    private BitSet named = new BitSet();
    /** Those that were named before it. */
    private BitSet latest = new BitSet();
    /** What the disk holds instead of its own in sectors that a misdirected write has hit. */
    private final Map<Integer, byte[]> hits = new TreeMap<>();

    SimFile() {}

    SimFile(byte[] content) {
        live = Arrays.copyOf(content, roomFor(content.length, 0));
        durable = live.clone();
        former = live.clone();
        liveSize = content.length;
        durableSize = content.length;
    }

    SimFile copy() {
        SimFile copy = new SimFile();
        copy.live = live.clone();
        copy.durable = durable.clone();
        copy.former = former.clone();
        copy.liveSize = liveSize;
        copy.durableSize = durableSize;
        copy.named.or(named);
        copy.latest.or(latest);
        copy.dirty.or(dirty);
        copy.forsaken.or(forsaken);
        copy.unreadable.or(unreadable);
        copy.hits.putAll(hits);
        return copy;
    }

    int size() {
        return liveSize;
    }

    byte[] content() {
        return Arrays.copyOf(live, liveSize);
    }

    /** The first sector of this range that has to be read from the disk and cannot be, -1 if there is none. */
    int unreadableIn(long position, int length) {
        int end = Math.toIntExact(Math.min(position + length, liveSize));
        int sector = unreadable.nextSetBit((int) Math.min(position, liveSize) / SECTOR);
        while (sector >= 0 && (dirty.get(sector) || forsaken.get(sector))) {
            sector = unreadable.nextSetBit(sector + 1);
        }
        return sector >= 0 && sector * SECTOR < end ? sector : -1;
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.max(0, Math.min(target.remaining(), liveSize - position));
        if (count > 0) {
            target.put(live, (int) position, count);
        }
        return count;
    }

    /** Whatever the beginning of this has in common with the disk stays as it is there: who writes a block again to add to it risks nothing of what it held. */
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
        named.set(from, to);
        while (from < to && isOnDisk(from)) {
            from++;
        }
        dirty.set(from, to);
        forsaken.clear(from, to);
    }

    /** How many bytes from its beginning on the source has in common with what is in memory from this position on. */
    int knownOf(ByteBuffer source, long position) {
        int from = (int) Math.min(position, liveSize);
        int mismatch = source.mismatch(ByteBuffer.wrap(live, from, liveSize - from));
        return mismatch < 0 ? source.remaining() : mismatch;
    }

    /** Whether the disk has, readably, what memory has of this sector. */
    private boolean isOnDisk(int sector) {
        int start = sector * SECTOR;
        int end = start + SECTOR;
        return end <= durableSize
                && !dirty.get(sector)
                && !forsaken.get(sector)
                && !unreadable.get(sector)
                && !hits.containsKey(sector)
                && Arrays.equals(live, start, end, durable, start, end);
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

    /** Everything dirty reaches the disk. */
    void force() {
        for (int from = nextDirty(0); from >= 0; from = nextDirty(from)) {
            int to = dirty.nextClearBit(from);
            reach(from, to);
            from = to;
        }
        forced();
    }

    /** The first of the sectors that the latest force was for. */
    int forcedFrom() {
        return Math.max(0, latest.nextSetBit(0));
    }

    /** The one behind the last of them. */
    int forcedTo() {
        return latest.length();
    }

    /** The next sector that the next force writes, -1 if there is none. */
    int nextDirty(int from) {
        return dirty.nextSetBit(from);
    }

    /** These sectors reach the disk. */
    void reach(int from, int to) {
        grow();
        int start = from * SECTOR;
        int length = Math.min(to * SECTOR, live.length) - start;
        System.arraycopy(durable, start, former, start, length);
        System.arraycopy(live, start, durable, start, length);
        dirty.clear(from, to);
        unreadable.clear(from, to);
        if (!hits.isEmpty()) {
            hits.keySet().removeIf(sector -> sector >= from && sector < to);
        }
    }

    /** This sector does not reach the disk, and nobody will know before the power fails. */
    void lose(int sector) {
        grow();
        dirty.clear(sector);
        forsaken.set(sector);
    }

    /** All sectors have gone somewhere: the file is durable as long as it is. */
    void forced() {
        grow();
        dirty.clear();
        durableSize = liveSize;
        if (!named.isEmpty()) {
            latest = named;
            named = new BitSet();
        }
    }

    private void grow() {
        if (durable.length < live.length) {
            durable = Arrays.copyOf(durable, live.length);
            former = Arrays.copyOf(former, live.length);
        }
    }

    /** A force has failed: what it should have written is clean, and is not on the disk (ATC'20). */
    void forsake(FailedForce how) {
        grow();
        if (how == FailedForce.KEEPS_PAGES) {
            forsaken.or(dirty);
        } else {
            for (int sector = nextDirty(0); sector >= 0; sector = nextDirty(sector + 1)) {
                System.arraycopy(onDisk(sector), 0, live, sector * SECTOR, SECTOR);
            }
        }
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
        grow();
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            int start = sector * SECTOR;
            Random noise = survival.spoils(name, start);
            if (noise != null && start < live.length) {
                spoil(sector, noise);
                continue;
            }
            int kept = Math.min(survival.bytesOf(name, start), Math.max(0, live.length - start));
            if (kept > 0) {
                byte[] before = onDisk(sector);
                System.arraycopy(before, 0, former, start, SECTOR);
                System.arraycopy(before, kept, durable, start + kept, SECTOR - kept);
                System.arraycopy(live, start, durable, start, kept);
                durableSize = Math.max(durableSize, Math.min(start + kept, liveSize));
                hits.remove(sector);
                if (kept == SECTOR) {
                    unreadable.clear(sector);
                }
            }
        }
        named.clear();
        dirty.clear();
        forsaken.clear();
        live = durable.clone();
        hits.forEach((sector, content) -> System.arraycopy(content, 0, live, sector * SECTOR, SECTOR));
        liveSize = durableSize;
    }

    private void spoil(int sector, Random noise) {
        byte[] before = onDisk(sector);
        int from = Arrays.mismatch(before, inMemory(sector));
        if (from >= 0) {
            byte[] filling = new byte[SECTOR - from];
            noise.nextBytes(filling);
            int start = sector * SECTOR;
            System.arraycopy(before, 0, former, start, SECTOR);
            System.arraycopy(before, 0, durable, start, from);
            System.arraycopy(filling, 0, durable, start + from, filling.length);
            durableSize = Math.max(durableSize, Math.min(start + SECTOR, liveSize));
            hits.remove(sector);
        }
    }

    /** What the disk holds of this sector. */
    private byte[] onDisk(int sector) {
        byte[] hit = hits.get(sector);
        return hit != null ? hit.clone() : Arrays.copyOfRange(durable, sector * SECTOR, (sector + 1) * SECTOR);
    }

    /** How many sectors the disk holds of the file. */
    int sectorsOnDisk() {
        return (durableSize + SECTOR - 1) / SECTOR;
    }

    /** What memory holds of this sector. */
    byte[] inMemory(int sector) {
        return Arrays.copyOfRange(live, sector * SECTOR, (sector + 1) * SECTOR);
    }

    /** A write that was meant for another place hits this sector on the disk. */
    void hit(int sector, byte[] content) {
        hits.put(sector, content.clone());
    }

    boolean isHit(int sector) {
        return hits.containsKey(sector);
    }

    /**
     * What the disk holds of this sector changes, and what readers see of it unless memory has something newer.
     *
     * @return whether anything is different afterwards
     */
    boolean damage(int sector, Consumer<byte[]> change) {
        byte[] before = onDisk(sector);
        byte[] after = before.clone();
        change.accept(after);
        System.arraycopy(after, 0, durable, sector * SECTOR, SECTOR);
        hits.remove(sector);
        if (!dirty.get(sector) && !forsaken.get(sector)) {
            System.arraycopy(after, 0, live, sector * SECTOR, SECTOR);
        }
        return !Arrays.equals(before, after);
    }

    /** What the disk held of this sector before it was written the last time. */
    byte[] former(int sector) {
        return Arrays.copyOfRange(former, sector * SECTOR, (sector + 1) * SECTOR);
    }

    void makeUnreadable(int sector) {
        unreadable.set(sector);
    }
}
