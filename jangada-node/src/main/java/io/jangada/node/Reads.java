package io.jangada.node;

import io.jangada.api.error.RaftException;
import io.jangada.api.error.ReadTimeoutException;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The linearizable reads of this node's clients until they are confirmed. Reads change nothing, so they are repeated until their time is over. */
final class Reads {
    private final Map<Long, Request.Read<?>> open = new LinkedHashMap<>();
    private final long retryNanos;

    Reads(NodeConfig config) {
        this.retryNanos = config.raft().timing().electionTimeoutMinNanos();
    }

    void arrived(long id, Request.Read<?> read) {
        read.id = id;
        open.put(id, read);
    }

    /** The read that this confirms; it is the caller's from now on. */
    Request.@Nullable Read<?> take(Effects.ReadReady ready) {
        Request.Read<?> read = open.remove(ready.requestId());
        if (read != null) {
            read.readIndex = ready.index();
        }
        return read;
    }

    void refused(Effects.Refused refused, long nowNanos) {
        Request.Read<?> read = open.get(refused.requestId());
        if (read == null) {
            return;
        }
        if (refused.reason() == Refusal.NOT_LEADER) {
            read.held(nowNanos);
        } else {
            open.remove(read.id);
            read.fail(Refusals.of(refused));
        }
    }

    /** Term, role or leader has changed: whom they were sent to may not answer any more. */
    List<Request.Read<?>> leadershipChanged(NodeId leader) {
        return leader.isNone() ? List.of() : List.copyOf(open.values());
    }

    /** Ends what has waited too long; returns what may be asked again. */
    List<Request.Read<?>> expire(NodeId leader, long nowNanos) {
        while (!open.isEmpty()) {
            Request.Read<?> oldest = open.values().iterator().next();
            if (nowNanos - oldest.deadlineNanos < 0) {
                break;
            }
            open.remove(oldest.id);
            oldest.fail(new ReadTimeoutException("no majority confirmed the read in time; known leader: " + leader));
        }
        if (leader.isNone()) {
            return List.of();
        }
        return open.values().stream()
                .filter(read -> nowNanos - read.movedAtNanos >= retryNanos)
                .toList();
    }

    /** The node stops: nothing stays open. */
    void endAll(Supplier<RaftException> untouched) {
        for (Request.Read<?> read : open.values()) {
            read.fail(untouched.get());
        }
        open.clear();
    }

    long nextDeadline(long nowNanos) {
        return open.isEmpty()
                ? Long.MAX_VALUE
                : Math.min(nowNanos + retryNanos, open.values().iterator().next().deadlineNanos);
    }
}
