package io.jangada.testkit.lab;

import io.jangada.core.config.Timing;
import io.jangada.core.model.LogState;
import java.time.Duration;

/**
 * The clockwork of a server in a lab: how soon it misses a leader, by the size of its group and by what its own log says about the leaders so far.
 *
 * <p>Where one leader after the other ends as soon as it has begun, each new one is soon lost again, and all that elections bring is calls. So a server that starts and finds such leaders at the
 * end of its log lets elections be rarer, as a connection that keeps breaking is made less and less often. The course wants another leader within 5 s.
 */
final class ElectionPace {
    private static final Timing DEFAULT = Timing.ofMillis(100, 300, 450);

    /**
     * In the Raft labs, which measure time. Twice as many heartbeats as leave the server: {@link HeartbeatPace}. A little longer than the pause between two of those and what an unreliable
     * network holds the second one.
     */
    private static final Timing QUICK = Timing.ofMillis(50, 130, 220);

    /** A majority of five has to answer, of which an unreliable network leaves out some. */
    private static final Timing QUICK_OF_MANY = Timing.ofMillis(50, 300, 450);

    private static final Timing PATIENT = Timing.ofMillis(100, 2_000, 3_000);

    /** So many entries at the end of the log are looked at ... */
    private static final int RECENT = 8;

    /** ... and if they are of so many leaders, no leader lasts: each has an entry of its own for a beginning, and hardly one more. */
    private static final int LEADERS = 3;

    private ElectionPace() {}

    /**
     * The timing of a server that starts.
     *
     * @param servers how many the group has
     * @param pace the pace of appends; zero where nothing is to be saved
     * @param log what the server has saved
     */
    static Timing of(int servers, Duration pace, LogState log) {
        if (pace.isZero()) {
            return DEFAULT;
        }
        if (leadersSince(log, log.lastIndex() - RECENT + 1) >= LEADERS) {
            return PATIENT;
        }
        return servers > 3 ? QUICK_OF_MANY : QUICK;
    }

    /** Of how many terms the entries from this index on are; 0 if the log begins behind it. */
    private static int leadersSince(LogState log, long index) {
        if (index < log.firstIndex()) {
            return 0;
        }
        int begun = (int)
                log.terms().stream().filter(start -> start.index() > index).count();
        return begun + 1;
    }
}
