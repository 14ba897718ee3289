package io.jangada.testkit.lab;

import org.jspecify.annotations.Nullable;

/** An unbuffered channel between threads: who puts waits until somebody takes, as in Go. */
public final class RendezvousChannel implements ApplyChannel {
    private final Object lock = new Object();
    private @Nullable ApplyMsg offered;
    private boolean closed;

    @Override
    public void put(ApplyMsg message) {
        synchronized (lock) {
            while (offered != null && !closed) {
                pause();
            }
            if (closed) {
                return;
            }
            offered = message;
            lock.notifyAll();
            while (offered == message && !closed) {
                pause();
            }
        }
    }

    /** The next message; waits for it. Null when the channel is closed. */
    public @Nullable ApplyMsg take() {
        synchronized (lock) {
            while (offered == null && !closed) {
                pause();
            }
            ApplyMsg taken = closed ? null : offered;
            offered = null;
            lock.notifyAll();
            return taken;
        }
    }

    private void pause() {
        try {
            lock.wait();
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
