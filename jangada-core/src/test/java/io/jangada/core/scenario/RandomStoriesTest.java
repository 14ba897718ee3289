package io.jangada.core.scenario;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scenarios that chance writes: a failure names its seed and prints itself as a scenario file. */
class RandomStoriesTest {

    private static void tell(long from, long to) {
        for (long seed = from; seed < to; seed++) {
            new RandomStory(seed).tell();
        }
    }

    @Test
    void aFew() {
        tell(0, 150);
    }

    @Test
    @Tag("long")
    void thousands() {
        tell(1_000, 6_000);
    }
}
