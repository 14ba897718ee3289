package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.error.OutcomeUnknownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads in front of one session, answers from many others, and a real clock. */
@Timeout(60)
final class SessionThreadsTest {
    private static final int THREADS = 4;
    private static final int COMMANDS = 2000;
    private static final int IN_FLIGHT = 32;
    private static final SessionOptions OPTIONS = SessionOptions.DEFAULT
            .withMaxInFlight(THREADS * IN_FLIGHT)
            .withBackoff(Duration.ofMillis(1), Duration.ofMillis(4));

    @Test
    void everyCommandOfEveryThreadHappensOnce() throws Exception {
        Replica replica = new Replica(SessionLimits.DEFAULT);
        ExecutorService group = Executors.newFixedThreadPool(3);
        ExecutorService clients = Executors.newFixedThreadPool(THREADS);
        AtomicInteger arrivals = new AtomicInteger();
        Proposer<String> lossy = command -> CompletableFuture.supplyAsync(
                () -> {
                    int arrival = arrivals.incrementAndGet();
                    SessionReply<String> reply;
                    synchronized (replica) {
                        reply = replica.apply(command);
                    }
                    if (arrival % 7 == 0) {
                        throw new OutcomeUnknownException("lost");
                    }
                    return reply;
                },
                group);
        try {
            Session<String> session =
                    Session.open(lossy, OPTIONS, SessionClock.system()).get(20, TimeUnit.SECONDS);
            Map<String, String> results = new ConcurrentHashMap<>();
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String name = "thread " + thread + " ";
                threads.add(CompletableFuture.runAsync(() -> submitAll(session, name, results), clients));
            }
            for (CompletableFuture<Void> each : threads) {
                each.get(50, TimeUnit.SECONDS);
            }
            synchronized (replica) {
                List<String> lines = replica.journal.lines();
                assertThat(lines).hasSize(THREADS * COMMANDS).doesNotHaveDuplicates();
                for (int i = 0; i < lines.size(); i++) {
                    assertThat(results).containsEntry(lines.get(i), lines.get(i) + "#" + (i + 1));
                }
            }
            session.close();
            assertThat(arrivals.get()).isGreaterThan(THREADS * COMMANDS);
        } finally {
            clients.shutdownNow();
            group.shutdownNow();
        }
    }

    private static void submitAll(Session<String> session, String name, Map<String, String> results) {
        Semaphore free = new Semaphore(IN_FLIGHT);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            free.acquireUninterruptibly();
            String line = name + i;
            all.add(session.submit(Journal.line(line)).handle((result, failure) -> {
                free.release();
                results.put(line, failure == null ? result : failure.toString());
                return null;
            }));
        }
        all.forEach(CompletableFuture::join);
    }
}
