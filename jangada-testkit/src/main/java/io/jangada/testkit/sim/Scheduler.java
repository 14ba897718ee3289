package io.jangada.testkit.sim;

import java.util.PriorityQueue;

/** Virtual time, and everything that is to happen in it: in order of time, and at equal times in the order in which it was planned. */
public final class Scheduler {
    private record Planned(long atNanos, long order, Runnable action) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Planned> queue = new PriorityQueue<>();
    private long nowNanos;
    private long order;
    private long executed;

    /** The present, in nanoseconds since the start of the world. */
    public long now() {
        return nowNanos;
    }

    /** How many actions have been carried out. */
    public long executed() {
        return executed;
    }

    /** Plans an action; what is already past happens now. */
    public void at(long timeNanos, Runnable action) {
        queue.add(new Planned(Math.max(timeNanos, nowNanos), order++, action));
    }

    /** Plans an action after so many nanoseconds. */
    public void after(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    /** Carries out the next action; false if nothing is planned. */
    public boolean runNext() {
        Planned next = queue.poll();
        if (next == null) {
            return false;
        }
        nowNanos = next.atNanos;
        executed++;
        next.action.run();
        return true;
    }
}
