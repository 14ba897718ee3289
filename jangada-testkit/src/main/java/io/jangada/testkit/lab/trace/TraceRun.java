package io.jangada.testkit.lab.trace;

import java.util.Comparator;
import java.util.List;

/**
 * A run and what happened in it: all that its page shows.
 *
 * @param scenario the name of the scenario
 * @param mode how time passed, for example {@code virtual time}
 * @param seed the number that decided everything that was left to chance
 * @param servers how many servers took part, 1 to {@value #MAX_SERVERS}
 * @param outcome how it ended: {@code passed}, or else what went wrong, in one sentence
 * @param events what happened, in order of time
 * @param dropped how many events are missing at the end because the recorder was full, or 0
 */
public record TraceRun(
        String scenario, String mode, long seed, int servers, String outcome, List<TraceEvent> events, long dropped) {
    /** As many columns as a page can show side by side. */
    public static final int MAX_SERVERS = 32;

    public TraceRun {
        if (servers < 1 || servers > MAX_SERVERS) {
            throw new IllegalArgumentException(
                    "a page shows 1 to " + MAX_SERVERS + " servers side by side, not " + servers);
        }
        events = events.stream()
                .sorted(Comparator.comparingLong(TraceEvent::atNanos))
                .toList();
        for (TraceEvent event : events) {
            if (highestServer(event) >= servers) {
                throw new IllegalArgumentException(
                        "the run has " + servers + " servers, numbered from 0, but also this event: " + event);
            }
        }
    }

    private static int highestServer(TraceEvent event) {
        if (event instanceof TraceEvent.Sent sent) {
            return Math.max(sent.from(), sent.to());
        }
        if (event instanceof TraceEvent.Role role) {
            return role.server();
        }
        if (event instanceof TraceEvent.Progress progress) {
            return progress.server();
        }
        return event instanceof TraceEvent.Life life ? life.server() : -1;
    }
}
