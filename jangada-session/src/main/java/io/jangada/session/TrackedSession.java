package io.jangada.session;

import java.util.Arrays;

/**
 * What the table knows of one session: when it was last used, and the results that its client may still ask for.
 *
 * <p>Two plain arrays, ordered by sequence, because there may be many sessions and most have none or one result: an idle session without a result costs no array at
 * all.
 */
final class TrackedSession {
    /** What a kept result costs beside its bytes: its sequence, its place, the head of its array. */
    static final int RESULT_OVERHEAD_BYTES = 32;

    private static final long[] NO_SEQUENCES = {};
    private static final byte[][] NO_RESULTS = {};

    private long lastUsedMillis;
    private long acknowledged;
    private long[] sequences = NO_SEQUENCES;
    private byte[][] results = NO_RESULTS;
    private int count;

    TrackedSession(long lastUsedMillis, long acknowledged) {
        this.lastUsedMillis = lastUsedMillis;
        this.acknowledged = acknowledged;
    }

    long lastUsedMillis() {
        return lastUsedMillis;
    }

    void usedAt(long logTimeMillis) {
        lastUsedMillis = logTimeMillis;
    }

    /** No result up to this sequence is asked for any more. */
    long acknowledged() {
        return acknowledged;
    }

    /** How many results are kept. */
    int count() {
        return count;
    }

    /** The place of the result of this sequence, or a negative number if none is kept. */
    int find(long sequence) {
        return Arrays.binarySearch(sequences, 0, count, sequence);
    }

    long sequenceAt(int place) {
        return sequences[place];
    }

    byte[] resultAt(int place) {
        return results[place];
    }

    /** Keeps the result of a sequence that is not kept yet. Mostly it is the highest, so nothing moves. */
    void keep(long sequence, byte[] result) {
        if (count == sequences.length) {
            int capacity = count == 0 ? 1 : Math.addExact(count, count);
            sequences = Arrays.copyOf(sequences, capacity);
            results = Arrays.copyOf(results, capacity);
        }
        int place = -find(sequence) - 1;
        System.arraycopy(sequences, place, sequences, place + 1, count - place);
        System.arraycopy(results, place, results, place + 1, count - place);
        sequences[place] = sequence;
        results[place] = result;
        count++;
    }

    /** Forgets the results up to this sequence; returns how many bytes they cost. An older acknowledgement than the newest changes nothing. */
    long acknowledge(long upTo) {
        if (upTo <= acknowledged) {
            return 0;
        }
        acknowledged = upTo;
        int forgotten = 0;
        long freed = 0;
        while (forgotten < count && sequences[forgotten] <= upTo) {
            freed += costOf(results[forgotten]);
            forgotten++;
        }
        if (forgotten == count) {
            sequences = NO_SEQUENCES;
            results = NO_RESULTS;
        } else if (forgotten > 0) {
            sequences = Arrays.copyOfRange(sequences, forgotten, count);
            results = Arrays.copyOfRange(results, forgotten, count);
        }
        count -= forgotten;
        return freed;
    }

    long cost() {
        long cost = 0;
        for (int place = 0; place < count; place++) {
            cost += costOf(results[place]);
        }
        return cost;
    }

    static long costOf(byte[] result) {
        return (long) RESULT_OVERHEAD_BYTES + result.length;
    }

    /** A copy that stays as it is now. The results themselves never change, so they are shared. */
    TrackedSession copy() {
        TrackedSession copy = new TrackedSession(lastUsedMillis, acknowledged);
        if (count > 0) {
            copy.sequences = Arrays.copyOf(sequences, count);
            copy.results = Arrays.copyOf(results, count);
            copy.count = count;
        }
        return copy;
    }
}
