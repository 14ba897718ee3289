package io.jangada.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SharedTimerTest {

    @Test
    void allTimersOfTheProcessRunOnOneThread() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> done = new ArrayList<>();
        SessionClock clock = SessionClock.system();
        long begin = clock.nanoTime();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Void> each = new CompletableFuture<>();
            done.add(each);
            clock.after(Duration.ofMillis(20).toNanos(), () -> {
                threads.add(Thread.currentThread().getName()
                        + Thread.currentThread().isDaemon());
                each.complete(null);
            });
        }
        for (CompletableFuture<Void> each : done) {
            each.get(20, TimeUnit.SECONDS);
        }
        assertThat(threads).containsExactly("jangada-sessionstrue");
        assertThat(clock.nanoTime() - begin)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
        assertThat(Math.abs(clock.epochMillis() - System.currentTimeMillis())).isLessThan(10_000);
    }

    @Test
    void timersMayRunOnAnExecutorOfYours() throws Exception {
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(1, task -> new Thread(task, "mine"));
        try {
            CompletableFuture<String> ran = new CompletableFuture<>();
            SessionClock.on(executor)
                    .after(0, () -> ran.complete(Thread.currentThread().getName()));
            assertThat(ran.get(20, TimeUnit.SECONDS)).isEqualTo("mine");
        } finally {
            executor.shutdownNow();
        }
    }
}
