package io.jangada.testkit.history;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The set of operations that have their place already, and its compact, exact image for the memory of a search.
 *
 * <p>Operations that happened are numbered in order of invocation, so the set is nearly a prefix: the image leaves out the words that are
 * full, and costs a few words even for long histories. The others are kept apart.
 */
final class PlacedSet {
    private final int[] number;
    private final boolean[] happened;
    private final Words certain;
    private final Words uncertain;

    <I, O> PlacedSet(List<Operation<I, O>> operations) {
        int[] order = IntStream.range(0, operations.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> operations.get(i).invoked())
                        .thenComparing(i -> i))
                .mapToInt(Integer::intValue)
                .toArray();
        number = new int[operations.size()];
        happened = new boolean[operations.size()];
        int certainCount = 0;
        int uncertainCount = 0;
        for (int operation : order) {
            happened[operation] = operations.get(operation).happened();
            number[operation] = happened[operation] ? certainCount++ : uncertainCount++;
        }
        certain = new Words(certainCount);
        uncertain = new Words(uncertainCount);
    }

    void add(int operation) {
        (happened[operation] ? certain : uncertain).add(number[operation]);
    }

    void remove(int operation) {
        (happened[operation] ? certain : uncertain).remove(number[operation]);
    }

    /** What the search would have reached with this operation placed as well. */
    <S> Configuration<S> configurationWith(int operation, S state) {
        add(operation);
        int certainLength = certain.end() - certain.full;
        int uncertainLength = uncertain.end() - uncertain.full;
        long[] image = new long[3 + certainLength + uncertainLength];
        image[0] = certain.full;
        image[1] = certainLength;
        image[2] = uncertain.full;
        System.arraycopy(certain.words, certain.full, image, 3, certainLength);
        System.arraycopy(uncertain.words, uncertain.full, image, 3 + certainLength, uncertainLength);
        remove(operation);
        return new Configuration<>(image, state);
    }

    /** A bit set that knows how many of its words are full at the front, and which is the last that is not empty. */
    private static final class Words {
        private final long[] words;
        private int full;
        private int high = -1;

        Words(int bits) {
            words = new long[(bits + 63) / 64];
        }

        void add(int bit) {
            words[bit >> 6] |= 1L << bit;
            high = Math.max(high, bit >> 6);
            while (full < words.length && words[full] == -1L) {
                full++;
            }
        }

        void remove(int bit) {
            words[bit >> 6] &= ~(1L << bit);
            full = Math.min(full, bit >> 6);
            while (high >= 0 && words[high] == 0) {
                high--;
            }
        }

        int end() {
            return Math.max(full, high + 1);
        }
    }
}
