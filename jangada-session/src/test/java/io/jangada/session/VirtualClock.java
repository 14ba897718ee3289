package io.jangada.session;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that moves only when told, and runs what is due then, in order. For one thread. */
final class VirtualClock implements SessionClock {
    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private record Task(long atNanos, long number, Runnable action) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::number));
    private long nowNanos = -5_000_000_000L; // Differences count, not signs.
    private final long beginNanos = nowNanos;
    private long number;

    @Override
    public long epochMillis() {
        return EPOCH_MILLIS + elapsed().toMillis();
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public void after(long delayNanos, Runnable task) {
        if (delayNanos < 0) {
            throw new IllegalArgumentException("a delay of " + delayNanos);
        }
        tasks.add(new Task(nowNanos + delayNanos, number++, task));
    }

    Duration elapsed() {
        return Duration.ofNanos(nowNanos - beginNanos);
    }

    int timers() {
        return tasks.size();
    }

    void advance(Duration time) {
        long until = nowNanos + time.toNanos();
        for (Task next = tasks.peek(); next != null && next.atNanos() <= until; next = tasks.peek()) {
            tasks.remove();
            nowNanos = next.atNanos();
            next.action().run();
        }
        nowNanos = until;
    }
}
