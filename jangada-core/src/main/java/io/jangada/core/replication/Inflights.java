package io.jangada.core.replication;

import io.jangada.core.config.Limits;
import java.util.ArrayDeque;
import java.util.Deque;

/** The append messages to one follower that have not been answered, bounded by count and by bytes. */
final class Inflights {

    private record Sent(long lastIndex, long weight, long sentAtNanos) {}

    private final Deque<Sent> sent = new ArrayDeque<>();
    private final Limits limits;
    private long weight;

    Inflights(Limits limits) {
        this.limits = limits;
    }

    boolean isFull() {
        return sent.size() >= limits.maxInflightAppends() || weight >= limits.maxInflightBytes();
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    void add(long lastIndex, long messageWeight, long nowNanos) {
        sent.add(new Sent(lastIndex, messageWeight, nowNanos));
        weight += messageWeight;
    }

    /** An answer acknowledges every message up to its match. */
    void acknowledge(long matchIndex) {
        for (Sent oldest = sent.peek(); oldest != null && oldest.lastIndex <= matchIndex; oldest = sent.peek()) {
            weight -= oldest.weight;
            sent.remove();
        }
    }

    boolean oldestIsOlderThan(long nanos, long nowNanos) {
        Sent oldest = sent.peek();
        return oldest != null && nowNanos - oldest.sentAtNanos > nanos;
    }

    void clear() {
        sent.clear();
        weight = 0;
    }
}
