package io.jangada.core.role;

import io.jangada.core.model.Entry;
import java.util.ArrayDeque;
import java.util.Deque;

/** How much a leader has appended in its term that is not committed, or not on its own disk yet: over the limit it takes no more (rule 6). */
final class UncommittedBytes {

    private record Appended(long index, int weight) {}

    private final Deque<Appended> appended = new ArrayDeque<>();
    private final long limit;
    private long weight;

    UncommittedBytes(long limit) {
        this.limit = limit;
    }

    boolean hasRoom() {
        return weight < limit;
    }

    void appended(Entry entry) {
        appended.add(new Appended(entry.index(), entry.weight()));
        weight += entry.weight();
    }

    void releaseTo(long index) {
        for (Appended oldest = appended.peek(); oldest != null && oldest.index <= index; oldest = appended.peek()) {
            weight -= oldest.weight;
            appended.remove();
        }
    }
}
