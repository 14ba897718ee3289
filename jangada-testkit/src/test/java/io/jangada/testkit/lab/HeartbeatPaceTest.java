package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rounds of heartbeats leave a server. Times are milliseconds. */
class HeartbeatPaceTest {
    private final HeartbeatPace pace = new HeartbeatPace();

    private boolean lets(long term, long round, boolean awaited, long millis) {
        HeartbeatRequest heartbeat = new HeartbeatRequest(NodeId.of(1), NodeId.of(2), term, round, 0);
        return pace.lets(heartbeat, awaited, millis * 1_000_000);
    }

    @Test
    void everyOtherRoundGoesOutToAll() {
        List<Long> went = new ArrayList<>();
        for (long round = 1; round <= 8; round++) {
            boolean first = lets(1, round, true, 50 * round);
            assertThat(lets(1, round, false, 50 * round)).isEqualTo(first);
            if (first) {
                went.add(round);
            }
        }
        assertThat(went).containsExactly(1L, 3L, 5L, 7L);
    }

    @Test
    void whereNobodyIsAwaitedTheNextOneMayGo() {
        assertThat(lets(1, 1, false, 50)).isFalse();
        assertThat(lets(1, 1, true, 50)).isFalse();
        assertThat(lets(1, 2, true, 100)).isTrue();
    }

    @Test
    void aRoundOfAnotherTermIsAnotherOne() {
        assertThat(lets(1, 1, true, 50)).isTrue();
        assertThat(lets(2, 1, true, 100)).isFalse();
        assertThat(lets(3, 1, true, 150)).isTrue();
    }
}
