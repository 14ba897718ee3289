package io.jangada.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EntryTailTest {

    private static Entry entry(long index, int bytes) {
        return Entry.command(index, 1, new byte[bytes]);
    }

    @Test
    void aSliceHoldsAtLeastOneEntryHoweverLarge() {
        EntryTail tail = new EntryTail(7);
        tail.append(entry(7, 1_000));
        tail.append(entry(8, 1));
        assertThat(tail.slice(7, 8, 10)).extracting(Entry::index).containsExactly(7L);
    }

    @Test
    void aSliceIsContiguousWhenASmallEntryFollowsALargeOne() {
        // Packing by size must not skip the large one in the middle (trap 13).
        EntryTail tail = new EntryTail(1);
        tail.append(entry(1, 10));
        tail.append(entry(2, 1_000));
        tail.append(entry(3, 10));
        assertThat(tail.slice(1, 3, 200)).extracting(Entry::index).containsExactly(1L);
    }

    @Test
    void aHoleIsABug() {
        EntryTail tail = new EntryTail(1);
        assertThatThrownBy(() -> tail.append(entry(2, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterEverythingHasBeenLetGoACutAndAnAppendStillFollowTheLog() {
        EntryTail tail = new EntryTail(1);
        tail.append(entry(1, 1));
        tail.append(entry(2, 1));
        tail.evictUpTo(2, 0);
        assertThat(tail.weight()).isZero();
        tail.truncateAfter(1);
        tail.append(entry(2, 1));
        assertThat(tail.slice(2, 2, 100)).hasSize(1);
        assertThat(tail.slice(1, 2, 100)).isEmpty();
    }

    @Test
    void agreesWithAList() {
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            EntryTail tail = new EntryTail(1);
            List<Entry> log = new ArrayList<>();
            int first = 1;
            for (int step = 0; step < 300; step++) {
                int what = random.nextInt(10);
                if (what < 7) {
                    Entry entry = entry(log.size() + 1, random.nextInt(50));
                    log.add(entry);
                    tail.append(entry);
                } else if (what == 7) {
                    int keep = random.nextInt(first - 1, log.size() + 1);
                    log.subList(keep, log.size()).clear();
                    tail.truncateAfter(keep);
                } else if (what == 8) {
                    int limit = random.nextInt(log.size() + 1);
                    long max = random.nextInt(3_000);
                    while (first <= limit && weight(log, first) > max) {
                        first++;
                    }
                    tail.evictUpTo(limit, max);
                }
                assertThat(tail.weight()).as("seed %s", seed).isEqualTo(weight(log, first));
                slicesAgree(random, tail, log, first);
            }
        }
    }

    private static long weight(List<Entry> log, int first) {
        return log.stream().skip(first - 1L).mapToLong(Entry::weight).sum();
    }

    private static void slicesAgree(SplittableRandom random, EntryTail tail, List<Entry> log, int first) {
        int from = random.nextInt(1, log.size() + 3);
        int to = random.nextInt(1, log.size() + 3);
        long max = random.nextInt(500);
        List<Entry> expected = new ArrayList<>();
        long sum = 0;
        for (int index = from; from >= first && index <= Math.min(to, log.size()); index++) {
            sum += log.get(index - 1).weight();
            if (sum > max && !expected.isEmpty()) {
                break;
            }
            expected.add(log.get(index - 1));
        }
        assertThat(tail.slice(from, to, max)).isEqualTo(expected);
    }
}
