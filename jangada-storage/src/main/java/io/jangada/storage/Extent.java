package io.jangada.storage;

import java.util.Arrays;

/**
 * A run of entries that lie in one segment in order, with a few known offsets to start reading from.
 *
 * <p>One offset per {@link #SPACING_BYTES} of log, not per entry: 8 bytes of memory for 4 KiB of disk.
 */
final class Extent {
    private static final int SPACING_BYTES = 4 << 10;

    private final long segment;
    private final long firstIndex;
    /** The first entry that counts; those before it have been taken out at the front. */
    private long from;

    private long lastIndex;
    private int points;
    private int[] deltas = new int[4];
    private int[] positions = new int[4];

    Extent(long segment, long firstIndex) {
        this.segment = segment;
        this.firstIndex = firstIndex;
        this.from = firstIndex;
        this.lastIndex = firstIndex - 1;
    }

    /** An extent of the same entries that changes by itself. */
    Extent copy() {
        Extent copy = new Extent(segment, firstIndex);
        copy.from = from;
        copy.lastIndex = lastIndex;
        copy.points = points;
        copy.deltas = deltas.clone();
        copy.positions = positions.clone();
        return copy;
    }

    long segment() {
        return segment;
    }

    long firstIndex() {
        return from;
    }

    long lastIndex() {
        return lastIndex;
    }

    /** Adds the next entries, those of the record at this offset. */
    void append(long position, int count) {
        if (points == 0 || position - positions[points - 1] >= SPACING_BYTES) {
            if (points == deltas.length) {
                deltas = Arrays.copyOf(deltas, points * 2);
                positions = Arrays.copyOf(positions, points * 2);
            }
            deltas[points] = Math.toIntExact(lastIndex + 1 - firstIndex);
            positions[points] = Math.toIntExact(position);
            points++;
        }
        lastIndex += count;
    }

    /** Forgets what lies after this index, which is in the extent. */
    void truncate(long after) {
        lastIndex = after;
        while (points > 1 && firstIndex + deltas[points - 1] > after) {
            points--;
        }
    }

    /** Forgets what lies before this index, which is in the extent. */
    void trimBefore(long index) {
        from = Math.max(from, index);
    }

    /** The offset of a record at or before the one with this index, with only records of this extent between them. */
    long positionBefore(long index) {
        int found = Arrays.binarySearch(deltas, 0, points, Math.toIntExact(index - firstIndex));
        return positions[found >= 0 ? found : -found - 2];
    }
}
