package io.jangada.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@link SessionStateMachine} is to do, said as simply as possible: nothing is ever deleted, everything is looked for. */
final class NaiveSessions {
    private static final class Known {
        long lastUsed;
        long acknowledged;
        boolean ended;
        final Map<Long, String> results = new HashMap<>();

        long kept() {
            return results.keySet().stream().filter(key -> key > acknowledged).count();
        }

        long bytes() {
            return ended
                    ? 0
                    : results.entrySet().stream()
                            .filter(each -> each.getKey() > acknowledged)
                            .mapToLong(each -> 32L + each.getValue().length())
                            .sum();
        }
    }

    final List<String> executed = new ArrayList<>();
    private final Map<Long, Known> sessions = new HashMap<>();
    private final SessionLimits limits;
    private long logTime;

    NaiveSessions(SessionLimits limits) {
        this.limits = limits;
    }

    long living() {
        return sessions.values().stream().filter(each -> !each.ended).count();
    }

    long bytes() {
        return sessions.values().stream().mapToLong(Known::bytes).sum();
    }

    private void at(long now) {
        logTime = Math.max(logTime, now);
        for (Known each : sessions.values()) {
            each.ended |= logTime - each.lastUsed > limits.timeToLiveMillis();
        }
    }

    String open(long index, long now) {
        at(now);
        if (living() >= limits.maxSessions()) {
            return "TOO_MANY_SESSIONS";
        }
        Known session = new Known();
        session.lastUsed = logTime;
        sessions.put(index, session);
        return "opened " + index;
    }

    String close(long session, long now) {
        at(now);
        Known known = sessions.get(session);
        if (known != null) {
            known.ended = true;
        }
        return "closed";
    }

    String keepAlive(long session, long acknowledged, long now) {
        at(now);
        Known known = sessions.get(session);
        if (known == null || known.ended) {
            return "expired";
        }
        known.lastUsed = logTime;
        known.acknowledged = Math.max(known.acknowledged, acknowledged);
        return "alive";
    }

    String execute(long session, long sequence, long acknowledged, long now, String line) {
        String alive = keepAlive(session, acknowledged, now);
        Known known = sessions.get(session);
        if (known == null || alive.equals("expired")) {
            return "expired";
        }
        if (sequence <= known.acknowledged) {
            return "stale";
        }
        String before = known.results.get(sequence);
        if (before != null) {
            return "again " + before;
        }
        if (sequence > known.acknowledged + limits.maxResultsPerSession()) {
            return "TOO_MANY_RESULTS";
        }
        boolean oldestOfSome = sequence == known.acknowledged + 1 && known.kept() > 0;
        if (bytes() >= limits.maxResultBytes() && !oldestOfSome) {
            return "TOO_MANY_RESULT_BYTES";
        }
        executed.add(line);
        String result = line + "#" + executed.size();
        known.results.put(sequence, result);
        return "done " + result;
    }
}
