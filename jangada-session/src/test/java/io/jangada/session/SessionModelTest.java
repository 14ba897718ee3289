package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random commands, copies, reorderings, clocks and restores, compared with a naive table at every step. */
final class SessionModelTest {
    private static final int RUNS = 300;
    private static final int COMMANDS = 400;
    private static final SessionLimits LIMITS = new SessionLimits(500, 4, 5, 400);

    /** Which answers the runs have seen: a model that never says "stale" shows nothing about it. */
    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void theTableDoesWhatTheNaiveOneDoes() throws IOException {
        for (long seed = 1; seed <= RUNS; seed++) {
            run(seed);
        }
        assertThat(seen.keySet())
                .containsExactlyInAnyOrder(
                        "opened",
                        "closed",
                        "alive",
                        "expired",
                        "stale",
                        "again",
                        "done",
                        "TOO_MANY_SESSIONS",
                        "TOO_MANY_RESULTS",
                        "TOO_MANY_RESULT_BYTES");
        assertThat(seen.values()).allMatch(count -> count > 100);
    }

    private void run(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        NaiveSessions naive = new NaiveSessions(LIMITS);
        Replica one = new Replica(LIMITS);
        Replica two = new Replica(LIMITS);
        List<Long> ids = new ArrayList<>(List.of(999L));
        long now = 1000;
        for (int i = 0; i < COMMANDS; i++) {
            now += random.nextInt(random.nextInt(20) == 0 ? 600 : 10);
            long stamp = Math.max(0, now - random.nextInt(40)); // Each proposer has its own clock.
            long session = ids.get(Math.max(0, ids.size() - 1 - random.nextInt(6)));
            byte[] command;
            String expected;
            int kind = random.nextInt(20);
            if (kind == 0) {
                command = SessionCommand.open(stamp);
                // The replicas number their entries 2, 4, 6 ...
                long index = 2L * (i + 1);
                expected = naive.open(index, stamp);
                ids.add(index);
            } else if (kind == 1) {
                command = SessionCommand.close(session, stamp);
                expected = naive.close(session, stamp);
            } else if (kind == 2) {
                long acknowledged = random.nextInt(i / 20 + 1);
                command = SessionCommand.keepAlive(session, acknowledged, stamp);
                expected = naive.keepAlive(session, acknowledged, stamp);
            } else {
                // Sequences that move slowly, so that most come again and in any order.
                long sequence = Math.max(1, i / 20 - 3 + random.nextInt(10));
                long acknowledged = Math.max(0, Math.min(sequence - 1, i / 20 - random.nextInt(12)));
                String line = "s" + session + "c" + sequence;
                command = SessionCommand.of(session, sequence, acknowledged, stamp, Journal.line(line));
                expected = naive.execute(session, sequence, acknowledged, stamp, line);
            }
            String said = word(one.apply(command));
            assertThat(said).as("seed %d, command %d", seed, i).isEqualTo(expected);
            assertThat(word(two.apply(command))).isEqualTo(expected);
            assertThat(one.machine.sessionCount()).isEqualTo((int) naive.living());
            assertThat(one.machine.resultBytes()).isEqualTo(naive.bytes());
            seen.merge(said.replaceFirst(" .*", ""), 1, Integer::sum);
            if (random.nextInt(40) == 0) {
                // Whoever restarts from a snapshot is as good as whoever was there all the time, byte for byte.
                Replica restarted = new Replica(LIMITS);
                restarted.restore(two, two.snapshot());
                two = restarted;
                assertThat(two.snapshot()).as("seed %d, command %d", seed, i).isEqualTo(one.snapshot());
            }
        }
        assertThat(one.journal.lines()).isEqualTo(naive.executed).doesNotHaveDuplicates();
        assertThat(two.journal.lines()).isEqualTo(naive.executed);
        assertThat(two.snapshot()).isEqualTo(one.snapshot());
    }

    private static String word(SessionReply<String> reply) {
        if (reply instanceof SessionReply.Done<String> done) {
            return (done.duplicate() ? "again " : "done ") + done.result();
        }
        if (reply instanceof SessionReply.Opened<String> opened) {
            return "opened " + opened.sessionId();
        }
        if (reply instanceof SessionReply.Refused<String> refused) {
            return refused.reason().name();
        }
        return reply.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
