package io.jangada.session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of a group, in the order in which they were last used, and log time, by which they expire.
 *
 * <p>Log time is the latest clock reading that any command carried. It is the same on every node, never goes back, and only moves with commands. Because every use moves a
 * session to the end of the order, the ones to expire are at its head, and looking for them costs nothing when there are none.
 */
final class SessionTable {
    private final LinkedHashMap<Long, TrackedSession> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private SessionLimits limits;
    private long logTimeMillis;
    private long resultBytes;

    SessionTable(SessionLimits limits, long logTimeMillis) {
        this.limits = limits;
        this.logTimeMillis = logTimeMillis;
    }

    SessionLimits limits() {
        return limits;
    }

    void setLimits(SessionLimits next) {
        limits = next;
    }

    long logTimeMillis() {
        return logTimeMillis;
    }

    int size() {
        return sessions.size();
    }

    /** What all kept results cost. */
    long resultBytes() {
        return resultBytes;
    }

    /** Moves log time on to what a command says, if that is later, and forgets the sessions whose time has come. */
    void advanceTo(long nowMillis) {
        logTimeMillis = Math.max(logTimeMillis, nowMillis);
        Iterator<TrackedSession> longestUnused = sessions.values().iterator();
        while (longestUnused.hasNext()) {
            TrackedSession session = longestUnused.next();
            if (logTimeMillis - session.lastUsedMillis() <= limits.timeToLiveMillis()) {
                return;
            }
            resultBytes -= session.cost();
            longestUnused.remove();
        }
    }

    boolean isFull() {
        return sessions.size() >= limits.maxSessions();
    }

    void open(long sessionId) {
        sessions.put(sessionId, new TrackedSession(logTimeMillis, 0));
    }

    /** The session, which now counts as just used; null if there is none. */
    @Nullable
    TrackedSession use(long sessionId) {
        TrackedSession session = sessions.get(sessionId);
        if (session != null) {
            session.usedAt(logTimeMillis);
        }
        return session;
    }

    void close(long sessionId) {
        TrackedSession session = sessions.remove(sessionId);
        if (session != null) {
            resultBytes -= session.cost();
        }
    }

    void acknowledge(TrackedSession session, long upTo) {
        resultBytes -= session.acknowledge(upTo);
    }

    void keep(TrackedSession session, long sequence, byte[] result) {
        session.keep(sequence, result);
        resultBytes += TrackedSession.costOf(result);
    }

    /** Puts a session of a snapshot behind those already put. */
    void add(long sessionId, TrackedSession session) {
        sessions.put(sessionId, session);
        resultBytes += session.cost();
    }

    /** One session of a table that is held still. */
    record Held(long sessionId, TrackedSession session) {}

    /** Copies of all sessions, longest unused first. */
    List<Held> copy() {
        List<Held> all = new ArrayList<>(sessions.size());
        for (Map.Entry<Long, TrackedSession> each : sessions.entrySet()) {
            all.add(new Held(each.getKey(), each.getValue().copy()));
        }
        return all;
    }
}
