package io.jangada.transport;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which repeated log lines are still worth writing: of lines with one key a few in each window of 30 seconds, the others are only
 * counted. Remembers a bounded number of keys. Any thread.
 */
final class LogThrottle {
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MAX_KEYS = 1_024;

    private static final class Window {
        private final long startNanos;
        private int written;
        private long suppressed;

        private Window(long startNanos) {
            this.startNanos = startNanos;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<String, Window> windows = new LinkedHashMap<>();

    LogThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Runs the line, with what to put behind it, if fewer than {@code burst} lines of this key were written in the present window: an empty
     * text, or how many like it went unwritten.
     */
    void log(String key, int burst, Line line) {
        long suppressed = admit(key, burst);
        if (suppressed >= 0) {
            line.write(suppressed == 0 ? "" : " (and " + suppressed + " more like this, not logged)");
        }
    }

    /** How many lines of this key went unwritten before this one, or -1 if this one is not to be written either. */
    private synchronized long admit(String key, int burst) {
        long now = nanoTime.getAsLong();
        Window window = windows.get(key);
        long suppressed = 0;
        if (window == null || now - window.startNanos >= WINDOW_NANOS) {
            suppressed = window == null ? 0 : window.suppressed;
            windows.remove(key);
            makeRoom();
            window = new Window(now);
            windows.put(key, window);
        }
        if (window.written >= burst) {
            window.suppressed++;
            return -1;
        }
        window.written++;
        return suppressed;
    }

    private void makeRoom() {
        if (windows.size() >= MAX_KEYS) {
            Iterator<Window> oldest = windows.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Writes one log line. */
    interface Line {
        void write(String suffix);
    }
}
