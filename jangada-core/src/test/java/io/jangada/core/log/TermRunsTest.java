package io.jangada.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.TermStart;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TermRunsTest {

    @Test
    void anEmptyLogHasNoTerms() {
        TermRuns runs = new TermRuns(List.of());
        assertThat(runs.termAt(5)).isZero();
        assertThat(runs.lastIndexWithTermAtMost(9, 9)).isZero();
    }

    @Test
    void startsFromRuns() {
        TermRuns runs = new TermRuns(List.of(new TermStart(1, 1), new TermStart(4, 4), new TermStart(6, 5)));
        assertThat(runs.termAt(3)).isEqualTo(1);
        assertThat(runs.termAt(4)).isEqualTo(4);
        assertThat(runs.termAt(900)).isEqualTo(5);
        assertThat(runs.lastIndexWithTermAtMost(4, 900)).isEqualTo(5);
        assertThat(runs.lastIndexWithTermAtMost(3, 900)).isEqualTo(3);
        assertThat(runs.lastIndexWithTermAtMost(0, 900)).isZero();
    }

    @Test
    void aFallingTermIsABug() {
        TermRuns runs = new TermRuns(List.of(new TermStart(1, 3)));
        assertThatThrownBy(() -> runs.append(2, 2)).isInstanceOf(IllegalStateException.class);
    }

    /** The oracle is the list of all terms. */
    @Test
    void agreesWithAListOfTerms() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TermRuns runs = new TermRuns(List.of());
            List<Long> naive = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                if (random.nextInt(4) == 0) {
                    int keep = random.nextInt(naive.size() + 1);
                    runs.truncateAfter(keep);
                    naive.subList(keep, naive.size()).clear();
                } else {
                    long last = naive.isEmpty() ? 1 : naive.get(naive.size() - 1);
                    long term = last + (random.nextInt(3) == 0 ? random.nextInt(1, 4) : 0);
                    naive.add(term);
                    runs.append(naive.size(), term);
                }
                if (!naive.isEmpty()) {
                    int index = random.nextInt(1, naive.size() + 1);
                    assertThat(runs.termAt(index)).as("seed %s", seed).isEqualTo(naive.get(index - 1));
                }
                long term = random.nextInt(0, 30);
                int limit = random.nextInt(naive.size() + 1);
                int expected = limit;
                while (expected > 0 && naive.get(expected - 1) > term) {
                    expected--;
                }
                assertThat(runs.lastIndexWithTermAtMost(term, limit))
                        .as("seed %s", seed)
                        .isEqualTo(expected);
            }
        }
    }
}
