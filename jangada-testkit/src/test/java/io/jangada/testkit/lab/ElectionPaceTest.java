package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.model.HardState;
import io.jangada.core.model.LogState;
import io.jangada.core.model.TermStart;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a server of a lab waits for a leader, in milliseconds, at least. */
class ElectionPaceTest {
    private static final Duration PACE = Duration.ofMillis(9);
    private static final long PATIENT = 2_000;

    private static long least(int servers, Duration pace, LogState log) {
        return ElectionPace.of(servers, pace, log).electionTimeoutMinNanos() / 1_000_000;
    }

    /** Entries from this index on, of terms that begin at these indexes. */
    private static LogState log(long firstIndex, long lastIndex, TermStart... terms) {
        long termBefore = firstIndex == 1 ? 0 : 1;
        return new LogState(HardState.INITIAL, firstIndex, lastIndex, termBefore, List.of(terms), List.of());
    }

    @Test
    void dependsOnTheGroupAndOnWhatIsToBeSaved() {
        assertThat(least(3, Duration.ZERO, LogState.EMPTY)).isEqualTo(300);
        assertThat(least(3, PACE, LogState.EMPTY)).isEqualTo(130);
        assertThat(least(5, PACE, LogState.EMPTY)).isEqualTo(300);
    }

    @Test
    void isPatientWhereNoLeaderLasts() {
        LogState restless = log(1, 8, new TermStart(1, 1), new TermStart(3, 2), new TermStart(8, 5));
        assertThat(least(5, PACE, restless)).isEqualTo(PATIENT);
        assertThat(least(3, PACE, restless)).isEqualTo(PATIENT);
        assertThat(least(5, Duration.ZERO, restless)).isEqualTo(300);
    }

    @Test
    void leadersOfLongAgoDoNotCount() {
        assertThat(least(5, PACE, log(1, 9, new TermStart(1, 1), new TermStart(2, 2), new TermStart(9, 5))))
                .isEqualTo(300);
        assertThat(least(5, PACE, log(1, 9, new TermStart(1, 1), new TermStart(3, 2), new TermStart(9, 5))))
                .isEqualTo(PATIENT);
    }

    @Test
    void aLogThatIsTooShortSaysNothing() {
        assertThat(least(5, PACE, log(3, 9, new TermStart(3, 1), new TermStart(4, 2), new TermStart(9, 5))))
                .isEqualTo(300);
        assertThat(least(5, PACE, log(2, 9, new TermStart(2, 1), new TermStart(4, 2), new TermStart(9, 5))))
                .isEqualTo(PATIENT);
    }
}
