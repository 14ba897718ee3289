package io.jangada.testkit.lab;

import io.jangada.testkit.lab.trace.Trace;
import io.jangada.testkit.lab.trace.TraceEvent;
import java.util.concurrent.atomic.AtomicLong;

/** Tells a trace of the messages between servers. What concerns a client, who has no column there, is left out. */
final class NetworkTrace {
    private static final long UNTOLD = 0;

    private final Trace trace;
    private final LabTime time;
    private final AtomicLong last = new AtomicLong(UNTOLD);

    NetworkTrace(Trace trace, LabTime time) {
        this.trace = trace;
        this.time = time;
    }

    /** A request or reply begins its way; its number from now on. */
    long sent(int from, int to, Rpc message) {
        if (!trace.isOn() || from < 0 || to < 0 || message.bytes().length == 0) {
            return UNTOLD;
        }
        long number = last.incrementAndGet();
        trace.record(new TraceEvent.Sent(
                time.elapsedNanos(), number, from, to, message.kind(), message.text(), message.bytes().length));
        return number;
    }

    /** It has arrived. */
    void delivered(long message) {
        if (message != UNTOLD) {
            trace.record(new TraceEvent.Delivered(time.elapsedNanos(), message));
        }
    }

    /** It will not arrive. */
    void lost(long message, String why) {
        if (message != UNTOLD) {
            trace.record(new TraceEvent.Lost(time.elapsedNanos(), message, why));
        }
    }
}
