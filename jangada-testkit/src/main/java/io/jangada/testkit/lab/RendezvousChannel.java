package io.jangada.testkit.lab;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An unbuffered channel between threads: who puts waits until somebody takes, as in Go. */
public final class RendezvousChannel implements ApplyChannel {
    private final Object lock = new Object();
    private @Nullable ApplyMsg offered;
    /** Whoever put what is offered has gone on, since somebody waited for it. */
    private boolean promised;

    private int takers;
    private boolean closed;

    @Override
    public void put(ApplyMsg message) {
        synchronized (lock) {
            waitWhile(() -> offered != null);
            if (closed) {
                return;
            }
            offered = message;
            // Who waits for it has got it, as in Go, even if it wakes up later and the channel is closed by then. So
            // two
            // threads need not wake each other.
            promised = takers > 0;
            lock.notifyAll();
            if (!promised) {
                waitWhile(() -> offered == message);
            }
        }
    }

    /** The next message; waits for it. Null when the channel is closed. */
    public @Nullable ApplyMsg take() {
        synchronized (lock) {
            takers++;
            waitWhile(() -> offered == null);
            takers--;
            ApplyMsg taken = closed && !promised ? null : offered;
            offered = null;
            promised = false;
            lock.notifyAll();
            return taken;
        }
    }

    /** Under the lock; ends when the channel is closed, too. */
    private void waitWhile(BooleanSupplier busy) {
        try {
            while (!closed && busy.getAsBoolean()) {
                lock.wait();
            }
        } catch (InterruptedException e) {
            closed = true;
            lock.notifyAll();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
