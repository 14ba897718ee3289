package io.jangada.node;

import io.jangada.api.ReadLevel;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.ReadTimeoutException;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reads of this node's clients until they are confirmed. Reads change nothing, so they are repeated until their time is over.
 *
 * <p>What a majority has confirmed last is remembered: it stays true for ever that whoever has applied up to its index sees what was acknowledged before it was
 * asked for, and so it serves those that may see a state a little older.
 */
final class Reads {
    private final Map<Long, Request.Read<?>> open = new LinkedHashMap<>();
    /** Those of the open ones that are confirmed at an index that is not committed here yet. */
    private final PriorityQueue<Request.Read<?>> confirmed =
            new PriorityQueue<>(Comparator.comparingLong((Request.Read<?> read) -> read.readIndex));

    private final long retryNanos;
    private final int maxOpen;
    private long nextScanNanos;
    private boolean anyConfirmed;
    private long lastAskedNanos;
    private long lastIndex;

    Reads(NodeConfig config) {
        this.retryNanos = config.raft().timing().electionTimeoutMinNanos();
        this.nextScanNanos = Long.MIN_VALUE / 2;
        this.maxOpen = config.raft().limits().maxPendingReads();
    }

    boolean hasRoom() {
        return open.size() < maxOpen;
    }

    void arrived(long id, Request.Read<?> read, long nowNanos) {
        read.id = id;
        read.arrivedAtNanos = nowNanos;
        open.put(id, read);
        if (anyConfirmed && read.level() instanceof ReadLevel.BoundedStale stale) {
            long lagNanos = Math.min(TimeUnit.NANOSECONDS.convert(stale.maxLag()), Long.MAX_VALUE / 4);
            if (nowNanos - lastAskedNanos <= lagNanos) {
                // This turn's time may be old already, if the process was paused in it: looked at again with the
                // answer.
                confirm(read, lastIndex, lastAskedNanos + lagNanos + 1);
            }
        }
    }

    private void confirm(Request.Read<?> read, long index, long validUntilNanos) {
        read.confirmed(index, validUntilNanos);
        confirmed.add(read);
    }

    /** A majority or a lease has confirmed a read. It stays open, and its deadline counts, until so much is committed here. */
    void confirmed(Effects.ReadReady ready) {
        Request.Read<?> read = open.get(ready.requestId());
        if (read == null || read.confirmed) {
            return;
        }
        confirm(read, ready.index(), ready.validUntilNanos());
        // A lease is not remembered: whoever asks for a bounded lag has not asked to trust the clocks of others.
        if (ready.validUntilNanos() == Effects.ReadReady.FOR_EVER
                && (!anyConfirmed || read.arrivedAtNanos - lastAskedNanos > 0)) {
            anyConfirmed = true;
            lastAskedNanos = read.arrivedAtNanos;
            lastIndex = ready.index();
        }
    }

    /** The next read for which enough has been handed to the state machine; it is the caller's from now on. */
    Request.@Nullable Read<?> takeReached(long handedToApplier) {
        Request.Read<?> next = confirmed.peek();
        if (next == null || next.readIndex > handedToApplier) {
            return null;
        }
        confirmed.remove();
        open.remove(next.id);
        return next;
    }

    void refused(Effects.Refused refused, long nowNanos) {
        Request.Read<?> read = open.get(refused.requestId());
        if (read == null) {
            return;
        }
        if (read.confirmed) {
            return; // The answer to a repetition; the first one was enough.
        }
        if (refused.reason() == Refusal.NOT_LEADER || refused.reason() == Refusal.NOT_NOW) {
            read.held(nowNanos);
        } else {
            end(read, Refusals.of(refused));
        }
    }

    /** Term, role or leader has changed: whom they were sent to may not answer any more. */
    List<Request.Read<?>> leadershipChanged(NodeId leader) {
        return leader.isNone()
                ? List.of()
                : open.values().stream().filter(read -> !read.confirmed).toList();
    }

    /** Ends what has waited too long; returns what may be asked again. */
    List<Request.Read<?>> expire(NodeId leader, long nowNanos) {
        while (!open.isEmpty()) {
            Request.Read<?> oldest = open.values().iterator().next();
            if (nowNanos - oldest.deadlineNanos < 0) {
                break;
            }
            endLate(oldest, leader);
        }
        if (open.isEmpty() || nowNanos - nextScanNanos < 0) {
            return List.of();
        }
        // Looking at all of them in every turn would cost more than the turn.
        nextScanNanos = nowNanos + retryNanos / 4;
        List<Request.Read<?>> again = new ArrayList<>();
        for (Request.Read<?> read : List.copyOf(open.values())) {
            if (nowNanos - read.deadlineNanos >= 0) {
                // One that was asked anew stands behind younger ones.
                endLate(read, leader);
            } else if (!leader.isNone() && !read.confirmed && nowNanos - read.movedAtNanos >= retryNanos) {
                again.add(read);
            }
        }
        return again;
    }

    private void endLate(Request.Read<?> read, NodeId leader) {
        end(read, new ReadTimeoutException(whyLate(read) + "; known leader: " + leader));
    }

    private static String whyLate(Request.Read<?> read) {
        return read.confirmed
                ? "this node did not catch up with index " + read.readIndex + " in time"
                : "no majority confirmed the read in time";
    }

    private void end(Request.Read<?> read, RaftException why) {
        open.remove(read.id);
        if (read.confirmed) {
            confirmed.remove(read);
        }
        read.fail(why);
    }

    /** The node stops: nothing stays open. */
    void endAll(Supplier<RaftException> untouched) {
        for (Request.Read<?> read : open.values()) {
            read.fail(untouched.get());
        }
        open.clear();
        confirmed.clear();
    }

    long nextDeadline(long nowNanos) {
        return open.isEmpty()
                ? Long.MAX_VALUE
                : Math.min(nowNanos + retryNanos, open.values().iterator().next().deadlineNanos);
    }
}
