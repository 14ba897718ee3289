package io.jangada.core.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EntryTimesTest {

    @Test
    void anEntryBetweenTwoMarksCountsAsMadeAtTheEarlierOne() {
        EntryTimes times = new EntryTimes(10);
        times.made(4, 100);
        times.made(5, 109);
        times.made(6, 110);
        assertThat(times.madeSince(3)).isEmpty();
        assertThat(times.madeSince(4)).hasValue(100);
        assertThat(times.madeSince(5)).hasValue(100);
        assertThat(times.madeSince(6)).hasValue(110);
        assertThat(times.madeSince(60)).hasValue(110);
    }

    @Test
    void whatIsBeforeAllMarksSaysNothing() {
        EntryTimes times = new EntryTimes(1);
        for (int i = 1; i <= 65; i++) {
            times.made(i, i);
        }
        assertThat(times.madeSince(1)).isEmpty();
        assertThat(times.madeSince(2)).hasValue(2);
    }

    /** The oracle knows every entry: the time that is given is never later than the entry, and not more than a grain earlier than it while it is among the newest. */
    @Test
    void isNeverLaterThanTheTruth() {
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            EntryTimes times = new EntryTimes(8);
            TreeMap<Long, Long> truth = new TreeMap<>();
            long now = random.nextLong();
            for (long index = 1; index <= 40; index++) {
                now += random.nextInt(12);
                times.made(index, now);
                truth.put(index, now);
            }
            truth.forEach((index, madeAt) -> {
                long told = times.madeSince(index).orElseThrow();
                assertThat(madeAt - told).isBetween(0L, 7L);
            });
        }
    }
}
