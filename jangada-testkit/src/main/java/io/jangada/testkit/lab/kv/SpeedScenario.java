package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import java.util.concurrent.TimeUnit;

/**
 * One client appends a thousand times, one after the other, and must not wait for heartbeats.
 *
 * @param maxRaftState see {@link KvServer.Rules}
 */
record SpeedScenario(int maxRaftState) {
    private static final int SERVERS = 3;
    private static final int OPERATIONS = 1_000;
    private static final String KEY = "x";

    /** Three operations in each tenth of a second, the interval of heartbeats. */
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100) * OPERATIONS / 3;

    Scenario named(LabPart part, String name) {
        return new Scenario(
                part,
                name,
                "ops complete fast enough",
                SERVERS,
                setting -> play(new KvLab(setting, KvLab.Setup.of(SERVERS, true, maxRaftState))));
    }

    private static Outcome play(KvLab lab) {
        Clerk clerk = lab.clerk();
        clerk.get(KEY);
        lab.note("a leader is there; now " + OPERATIONS + " appends");
        StringBuilder expected = new StringBuilder();
        long began = lab.time().elapsedNanos();
        for (int i = 0; i < OPERATIONS; i++) {
            String piece = Appended.piece(0, i);
            clerk.append(KEY, piece);
            expected.append(piece);
        }
        long took = lab.time().elapsedNanos() - began;
        lab.note(OPERATIONS + " appends took " + TimeUnit.NANOSECONDS.toMillis(took) + " ms");
        lab.require(
                took <= LIMIT_NANOS,
                OPERATIONS + " appends took " + TimeUnit.NANOSECONDS.toMillis(took) + " ms, more than "
                        + TimeUnit.NANOSECONDS.toMillis(LIMIT_NANOS) + " ms");
        lab.check(clerk, KEY, expected.toString());
        return lab.end();
    }
}
