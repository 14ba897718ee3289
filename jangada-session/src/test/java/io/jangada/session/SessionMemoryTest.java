package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session costs on the heap while nothing happens, measured. */
final class SessionMemoryTest {
    private static final int SESSIONS = 200_000;
    private static final int LIMIT_BYTES = 200;

    private static final SessionLimits LIMITS = SessionLimits.DEFAULT.withMaxSessions(SESSIONS);

    private static long usedAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static SessionTable table(boolean withResult) {
        SessionTable table = new SessionTable(LIMITS, 0);
        for (long id = 1; id <= SESSIONS; id++) {
            table.open(id);
            TrackedSession session = table.use(id);
            if (session != null) {
                table.keep(session, 1, new byte[8]);
                if (!withResult) {
                    table.acknowledge(session, 1);
                }
            }
        }
        return table;
    }

    @Test
    void anIdleSessionCostsLessThanTwoHundredBytesEvenWithAResult() {
        for (boolean withResult : new boolean[] {false, true}) {
            List<SessionTable> kept = new ArrayList<>();
            long before = usedAfterCollection();
            kept.add(table(withResult));
            long each = (usedAfterCollection() - before) / SESSIONS;
            assertThat(kept).allMatch(table -> table.size() == SESSIONS);
            assertThat(each)
                    .as("bytes for each session, with a result: %s", withResult)
                    .isBetween(40L, (long) LIMIT_BYTES);
        }
    }
}
