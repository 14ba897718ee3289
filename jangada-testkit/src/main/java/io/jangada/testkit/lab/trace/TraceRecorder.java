package io.jangada.testkit.lab.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps the events of one run, up to a limit; what comes after is counted only. Any thread may call any method.
 *
 * <p>It keeps the beginning rather than the end, because the end cannot be understood without it.
 */
public final class TraceRecorder implements Trace {
    /** How many events a recorder keeps unless it is told otherwise: about 60 MB of memory, and a page of about 25 MB. */
    public static final int LIMIT = 400_000;

    private final int limit;
    private final List<TraceEvent> events = new ArrayList<>();
    private long dropped;

    /** A recorder of at most {@value #LIMIT} events. */
    public TraceRecorder() {
        this(LIMIT);
    }

    /** A recorder of at most this many events, 1 or more. */
    public TraceRecorder(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "a limit of " + limit + " events records nothing; use Trace.NONE for that");
        }
        this.limit = limit;
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public synchronized void record(TraceEvent event) {
        if (events.size() < limit) {
            events.add(event);
        } else {
            dropped++;
        }
    }

    /** What was recorded so far, in order of time; events of one moment in the order in which they were told. */
    public synchronized List<TraceEvent> events() {
        List<TraceEvent> sorted = new ArrayList<>(events);
        sorted.sort(Comparator.comparingLong(TraceEvent::atNanos));
        return List.copyOf(sorted);
    }

    /** How many events came after the limit and were not kept. */
    public synchronized long dropped() {
        return dropped;
    }
}
