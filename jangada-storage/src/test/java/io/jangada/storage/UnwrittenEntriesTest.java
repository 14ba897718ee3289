package io.jangada.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The entries in memory are those of a plain list, whatever lists they came in and however they were cut. */
class UnwrittenEntriesTest {
    private static final int RUNS = 2_000;
    private static final int STEPS = 40;

    @Test
    void areThoseOfAPlainList() {
        for (int seed = 0; seed < RUNS; seed++) {
            live(new Random(seed), "seed " + seed);
        }
    }

    private static void live(Random random, String name) {
        UnwrittenEntries entries = new UnwrittenEntries();
        List<Entry> plain = new ArrayList<>();
        long last = random.nextInt(100);
        for (int step = 0; step < STEPS; step++) {
            int choice = random.nextInt(10);
            if (choice == 0) {
                entries.clear();
                plain.clear();
            } else if (choice <= 2 && last > 0) {
                long after = last - random.nextInt((int) Math.min(last, plain.size() + 2) + 1);
                entries.truncate(after);
                plain.removeIf(entry -> entry.index() > after);
                last = after;
            } else {
                List<Entry> more = new ArrayList<>();
                for (int count = random.nextInt(5); count >= 0; count--) {
                    more.add(Entry.noOp(++last, 1));
                }
                entries.add(List.copyOf(more));
                plain.addAll(more);
            }
            requireSame(entries, plain, name);
        }
    }

    private static void requireSame(UnwrittenEntries entries, List<Entry> plain, String name) {
        assertThat(entries.count()).as(name).isEqualTo(plain.size());
        for (int from = 0; from < plain.size(); from++) {
            long index = plain.get(from).index();
            for (int most : List.of(1, 3, Integer.MAX_VALUE)) {
                int to = (int) Math.min(plain.size(), (long) from + most);
                assertThat(entries.from(index, most)).as(name).isEqualTo(plain.subList(from, to));
            }
        }
    }
}
