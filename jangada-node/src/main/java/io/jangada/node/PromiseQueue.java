package io.jangada.node;

import io.jangada.core.message.Message;
import io.jangada.core.step.Effects;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Messages that wait for the disk: none leaves before the write it rests on is durable (rule 3). */
final class PromiseQueue {

    private record Parked(long afterSequence, long order, Message message) implements Comparable<Parked> {
        @Override
        public int compareTo(Parked other) {
            int bySequence = Long.compare(afterSequence, other.afterSequence);
            return bySequence != 0 ? bySequence : Long.compare(order, other.order);
        }
    }

    /** What finds no room is dropped, which is a lost message to the protocol: a disk that hangs must not fill the memory. */
    static final int MAX_PARKED = 1 << 16;

    private final PriorityQueue<Parked> parked = new PriorityQueue<>();
    private final Consumer<Message> send;
    private long persistedSequence;
    private long order;

    PromiseQueue(Consumer<Message> send) {
        this.send = send;
    }

    /** Sends at once what rests on nothing that is still on its way to the disk. */
    void add(Effects.Promise promise) {
        if (promise.afterSequence() <= persistedSequence) {
            send.accept(promise.message());
        } else if (parked.size() < MAX_PARKED) {
            parked.add(new Parked(promise.afterSequence(), order++, promise.message()));
        }
    }

    void persisted(long sequence) {
        persistedSequence = Math.max(persistedSequence, sequence);
        for (Parked next = parked.peek();
                next != null && next.afterSequence <= persistedSequence;
                next = parked.peek()) {
            parked.remove();
            send.accept(next.message);
        }
    }

    /** Forgets everything: a failed node keeps no promise, so it makes none. */
    void clear() {
        parked.clear();
    }
}
