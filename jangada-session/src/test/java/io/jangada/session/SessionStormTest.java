package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.core.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clients in front of a group that loses, delays, doubles and reorders whatever it is sent and says, in virtual time. */
final class SessionStormTest {
    private static final int RUNS = 100;
    private static final int CLIENTS = 3;
    private static final int COMMANDS = 60;
    private static final SessionLimits LIMITS = SessionLimits.DEFAULT.withTimeToLive(Duration.ofMinutes(5));
    private static final SessionOptions OPTIONS = SessionOptions.DEFAULT
            .withMaxInFlight(8)
            .withDeadline(Duration.ofHours(1))
            .withAttemptTimeout(Duration.ofMillis(300));

    private static final class Storm {
        final VirtualClock clock = new VirtualClock();
        final Replica replica = new Replica(LIMITS);
        final SplittableRandom random;
        int copies;

        Storm(long seed) {
            random = new SplittableRandom(seed);
        }

        private long soon() {
            return Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 1000 : 20))
                    .toNanos();
        }

        CompletableFuture<SessionReply<String>> propose(byte[] command) {
            CompletableFuture<SessionReply<String>> answer = new CompletableFuture<>();
            int fate = random.nextInt(10);
            if (fate == 0) {
                return CompletableFuture.failedFuture(new NotLeaderException(NodeId.NONE));
            }
            if (fate == 1) {
                clock.after(soon(), () -> answer.completeExceptionally(new OutcomeUnknownException("lost")));
                return answer;
            }
            clock.after(soon(), () -> {
                SessionReply<String> reply = replica.apply(command);
                if (fate == 2) {
                    answer.completeExceptionally(new OutcomeUnknownException("answer lost"));
                } else if (fate > 3) {
                    clock.after(soon(), () -> answer.complete(reply));
                }
            });
            if (fate > 7) {
                // A copy that the network kept.
                copies++;
                clock.after(soon(), () -> assertThat(replica.apply(command)).isNotNull());
            }
            return answer;
        }
    }

    @Test
    void everyCommandHappensOnceAndItsAnswerIsThatOfThatOnce() {
        int copies = 0;
        for (long seed = 1; seed <= RUNS; seed++) {
            copies += run(seed);
        }
        assertThat(copies).isGreaterThan(RUNS);
    }

    private static int run(long seed) {
        Storm storm = new Storm(seed);
        List<CompletableFuture<Session<String>>> opening = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            opening.add(Session.open(storm::propose, OPTIONS, storm.clock));
        }
        storm.clock.advance(Duration.ofMinutes(1));
        Map<String, CompletableFuture<String>> results = new LinkedHashMap<>();
        int[] sent = new int[CLIENTS];
        while (results.size() < CLIENTS * COMMANDS) {
            int client = storm.random.nextInt(CLIENTS);
            String line = "client " + client + " command " + sent[client];
            if (sent[client] < COMMANDS) {
                CompletableFuture<String> result = opening.get(client).join().submit(Journal.line(line));
                // Over the limit of commands in flight nothing was sent; this one comes again later.
                if (!result.isCompletedExceptionally()) {
                    results.put(line, result);
                    sent[client]++;
                }
            }
            storm.clock.advance(Duration.ofMillis(storm.random.nextInt(60)));
        }
        storm.clock.advance(Duration.ofMinutes(2));
        List<String> lines = storm.replica.journal.lines();
        assertThat(lines).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(results.keySet());
        results.forEach((line, result) ->
                assertThat(result).as("seed %d", seed).isCompletedWithValue(line + "#" + (lines.indexOf(line) + 1)));
        opening.forEach(each -> each.join().close());
        storm.clock.advance(Duration.ofHours(2));
        // Opening may have left sessions that nobody knows; they are ended by the next command of anybody.
        storm.replica.apply(SessionCommand.open(storm.clock.epochMillis()));
        assertThat(storm.replica.machine.sessionCount()).isEqualTo(1);
        assertThat(storm.replica.machine.resultBytes()).isZero();
        assertThat(storm.clock.timers()).isZero();
        return storm.copies;
    }
}
