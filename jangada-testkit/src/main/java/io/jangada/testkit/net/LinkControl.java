package io.jangada.testkit.net;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a proxy does with bytes at present, and the gate at which its threads wait while they may not forward. Any thread. */
final class LinkControl {

    /** What becomes of the bytes of one direction. */
    enum Mode {
        FORWARD,
        HOLD,
        DISCARD
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Direction, Mode> modes = new EnumMap<>(Direction.class);
    private final Map<Direction, Long> delaysNanos = new EnumMap<>(Direction.class);
    private boolean refusing;
    private boolean closed;

    LinkControl() {
        heal();
    }

    void set(Direction direction, Mode mode) {
        change(() -> modes.put(direction, mode));
    }

    void delay(Direction direction, long nanos) {
        change(() -> delaysNanos.put(direction, nanos));
    }

    void refuse() {
        change(() -> refusing = true);
    }

    void heal() {
        change(() -> {
            for (Direction direction : Direction.values()) {
                modes.put(direction, Mode.FORWARD);
                delaysNanos.put(direction, 0L);
            }
            refusing = false;
        });
    }

    void close() {
        change(() -> closed = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean refusing() {
        lock.lock();
        try {
            return refusing;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is held in either direction; false if the proxy closes meanwhile. */
    boolean awaitOpen() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && modes.containsValue(Mode.HOLD)) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits out the delay that the direction has and any time during which it holds its bytes. Returns what to do then; a proxy that is being
     * closed discards.
     */
    Mode await(Direction direction) throws InterruptedException {
        lock.lock();
        try {
            long since = System.nanoTime();
            while (!closed) {
                long left = delaysNanos.getOrDefault(direction, 0L) - (System.nanoTime() - since);
                Mode mode = modes.getOrDefault(direction, Mode.FORWARD);
                if (mode == Mode.HOLD) {
                    changed.await();
                } else if (mode == Mode.FORWARD && left > 0) {
                    boolean signalled = changed.await(left, TimeUnit.NANOSECONDS);
                    if (!signalled) {
                        continue;
                    }
                } else {
                    return mode;
                }
            }
            return Mode.DISCARD;
        } finally {
            lock.unlock();
        }
    }
}
